using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>A masked language model's output.</summary>
/// <param name="Logits">fp32 [batch, length, vocabulary], or [positions, vocabulary] where positions were chosen.</param>
/// <param name="Encoder">What the encoder computed.</param>
public sealed record MaskedLMOutput(Tensor Logits, EncoderOutput Encoder);

/// <summary>An encoder (without pooler) that predicts the words at its positions; the decoder is the table of word embeddings.</summary>
public sealed class BertForMaskedLM : nn.Module<TokenBatch, Tensor?, EncoderOutputs, MaskedLMOutput>
{
    [ComponentName(Name = "cls")]
    private readonly MaskedLMHead _head;

    /// <summary>Creates a model with new weights drawn from <paramref name="seed"/>.</summary>
    public BertForMaskedLM(BertConfig config, long seed) : this(config, CPU) =>
        NewWeights.Draw(this, config.InitializerRange, seed);

    /// <summary>Creates a model whose weights are still to be set.</summary>
    internal BertForMaskedLM(BertConfig config, Device device) : base(nameof(BertForMaskedLM))
    {
        Encoder = new BertModel(config, pooler: false, device);
        _head = new MaskedLMHead(config, device);
        RegisterComponents();
    }

    /// <summary>The encoder; its precision and dropout are the model's.</summary>
    [field: ComponentName(Name = "bert")]
    public BertModel Encoder { get; }

    /// <summary>The geometry.</summary>
    public BertConfig Config => Encoder.Config;

    /// <summary>
    /// Logits of every word. <paramref name="positions"/>, int64 [positions], chooses from the batch's batch x length places
    /// row by row; null is all, which costs a matrix of batch x length x vocabulary.
    /// </summary>
    public override MaskedLMOutput forward(TokenBatch input, Tensor? positions, EncoderOutputs request)
    {
        var encoded = Encoder.call(input, request);
        using var scope = NewDisposeScope();
        var hidden = encoded.LastHiddenState;
        var chosen = positions is null ? hidden : hidden.flatten(0, 1).index_select(0, positions);
        return new MaskedLMOutput(Predict(chosen).MoveToOuterDisposeScope(), encoded);
    }

    /// <summary>fp32 logits [batch, vocabulary] at one place of each sequence.</summary>
    internal Tensor Predict(TokenBatch input, PlaceRequest request)
    {
        var pass = Encoder.BeginPass(request);
        return _head.call(Encoder.States(input, pass)[^1].squeeze(1), Encoder.WordWeights, pass);
    }

    /// <summary>The prediction head alone: fp32 logits [..., vocabulary] of last hidden states [..., hidden].</summary>
    public Tensor Predict(Tensor hidden) => _head.call(hidden, Encoder.WordWeights, Encoder.BeginPass());
}
