using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>Where an answer may begin and end.</summary>
/// <param name="Start">fp32 logits of the first token, [batch, length].</param>
/// <param name="End">fp32 logits of the last token, [batch, length].</param>
/// <param name="Encoder">What the encoder computed.</param>
public sealed record SpanOutput(Tensor Start, Tensor End, EncoderOutput Encoder);

/// <summary>
/// An encoder (without pooler) with a linear layer that marks the first and the last token of an answer; DistilBERT's has dropout before
/// it.
/// </summary>
public sealed class BertForQuestionAnswering : nn.Module<TokenBatch, EncoderOutputs, SpanOutput>
{
    /// <summary>What the names of the head's tensors begin with.</summary>
    internal const string HeadPrefix = "qa_outputs.";

    /// <summary>The head's weight, [2, hidden].</summary>
    internal const string HeadWeight = HeadPrefix + "weight";

    [ComponentName(Name = "qa_outputs")]
    private readonly Linear _head;

    /// <summary>Creates a model with new weights drawn from <paramref name="seed"/>.</summary>
    public BertForQuestionAnswering(BertConfig config, long seed) : this(config, CPU) =>
        NewWeights.Draw(this, config.InitializerRange, seed);

    /// <summary>Creates a model whose weights are still to be set.</summary>
    internal BertForQuestionAnswering(BertConfig config, Device device) : base(nameof(BertForQuestionAnswering))
    {
        Encoder = new BertModel(config, pooler: false, device);
        _head = UnsetModules.Linear(config.HiddenSize, 2, device);
        RegisterComponents();
    }

    /// <summary>The encoder.</summary>
    [field: ComponentName(Name = "bert")]
    public BertModel Encoder { get; }

    /// <summary>The geometry.</summary>
    public BertConfig Config => Encoder.Config;

    /// <inheritdoc/>
    public override SpanOutput forward(TokenBatch input, EncoderOutputs request)
    {
        var encoded = Encoder.call(input, request);
        using var scope = NewDisposeScope();
        var hidden = encoded.LastHiddenState;
        var logits = _head.call(Config.Kind == EncoderKind.DistilBert ? Encoder.BeginPass().DropHidden(hidden) : hidden);
        return new SpanOutput(logits.select(-1, 0).MoveToOuterDisposeScope(), logits.select(-1, 1).MoveToOuterDisposeScope(), encoded);
    }
}
