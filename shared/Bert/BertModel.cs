using Replication.Bert.SubNetworks;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>
/// BERT's encoder (Devlin et al.): embeddings, transformer layers and, if asked for, the pooler. Parameters have Hugging Face's names.
/// </summary>
public sealed class BertModel : nn.Module<TokenBatch, EncoderOutputs, EncoderOutput>
{
    // Far below any score, so that the softmax gives padding exactly 0.
    private const float Masked = -1e9f;

    [ComponentName(Name = "embeddings")]
    private readonly BertEmbeddings _embeddings;

    [ComponentName(Name = "encoder")]
    private readonly BertEncoder _encoder;

    [ComponentName(Name = "pooler")]
    private readonly BertPooler? _pooler;

    /// <summary>Creates an encoder with new weights drawn from <paramref name="seed"/>.</summary>
    /// <exception cref="ReplicationException">The heads cannot share the hidden size, or the activation is not known.</exception>
    public BertModel(BertConfig config, long seed, bool pooler = true) : this(config, pooler, CPU) =>
        NewWeights.Draw(this, config.InitializerRange, seed);

    /// <summary>Creates an encoder whose weights are still to be set.</summary>
    internal BertModel(BertConfig config, bool pooler, Device device) : base(nameof(BertModel))
    {
        if (config.HiddenSize % config.NumAttentionHeads != 0)
            throw new ReplicationException(
                $"A hidden size of {config.HiddenSize} cannot be shared by {config.NumAttentionHeads} heads; choose a multiple.");
        Config = config;
        _embeddings = new BertEmbeddings(config, device);
        _encoder = new BertEncoder(config, device);
        _pooler = pooler ? new BertPooler(config.HiddenSize, device) : null;
        RegisterComponents();
    }

    /// <summary>The geometry.</summary>
    public BertConfig Config { get; }

    /// <summary>Number format of the matrix products.</summary>
    public Precision Precision { get; set; }

    /// <summary>Dropout; null (the default) switches dropout off even in training mode.</summary>
    public DropoutStream? Dropout { get; set; }

    /// <summary>Probability for hidden states and attention alike, in place of the configuration's; null leaves those.</summary>
    public double? DropoutProbability { get; set; }

    /// <summary>The part of the network that runs, a view of its weights; null for all of it.</summary>
    public SubNetwork? SubNetwork { get; set; }

    /// <summary>The step over sub-networks that the encoder is in; null outside one.</summary>
    internal SubNetworkStep? Step { get; set; }

    /// <summary>Keeps the gradient of the word vectors to the rows that are read; null for a whole one.</summary>
    internal WordRows? WordRows
    {
        get => _embeddings.Rows;
        set => _embeddings.Rows = value;
    }

    /// <summary>The word embeddings, [vocabulary, hidden].</summary>
    internal Parameter WordWeights => _embeddings.WordWeights;

    /// <inheritdoc/>
    public override EncoderOutput forward(TokenBatch input, EncoderOutputs request)
    {
        using var scope = NewDisposeScope();
        var pass = BeginPass(request);
        var states = States(input, pass);
        var pooled = _pooler?.call(states[^1]);
        MoveOut(states);
        return new EncoderOutput(
            states[^1],
            pooled?.MoveToOuterDisposeScope(),
            pass.KeepsHiddenStates ? states : [],
            MoveOut(pass.Scores),
            MoveOut(pass.Probabilities));
    }

    /// <summary>The states of a pass, as far as it keeps them.</summary>
    internal IReadOnlyList<Tensor> States(TokenBatch input, EncoderPass pass)
    {
        var mask = ((1 - input.AttentionMask.to(ScalarType.Float32)) * Masked).unsqueeze(1).unsqueeze(1);
        // The encoder may dispose of what it is given; the alias is not the step's own tensor.
        var embedded = Step is null ? _embeddings.call(input, pass) : pass.DropHidden(Step.Embedded.alias());
        return _encoder.call(embedded, mask, pass);
    }

    /// <summary>The embedding output before dropout, [batch, length, hidden].</summary>
    internal Tensor Embed(TokenBatch input) => _embeddings.Embed(input);

    /// <summary>What holds for a pass: dropout only in training mode.</summary>
    internal EncoderPass BeginPass(EncoderOutputs request = EncoderOutputs.None) => new(
        request,
        Precision,
        training ? Dropout : null,
        DropoutProbability ?? Config.HiddenDropoutProb,
        DropoutProbability ?? Config.AttentionProbsDropoutProb,
        // A recipe without any dropout means this one too.
        DropoutProbability == 0 ? 0 : Config.ClassifierDropout ?? DropoutProbability ?? Config.HiddenDropoutProb,
        SubNetwork,
        Step);

    /// <summary>A pass that is asked for one place of each sequence; without dropout.</summary>
    internal EncoderPass BeginPass(PlaceRequest request) => new(
        EncoderOutputs.None, request.Weights.Precision, dropout: null, hiddenDropout: 0, attentionDropout: 0, classifierDropout: 0,
        SubNetwork, place: request);

    private static IReadOnlyList<Tensor> MoveOut(IReadOnlyList<Tensor> tensors)
    {
        foreach (var tensor in tensors)
            tensor.MoveToOuterDisposeScope();
        return tensors;
    }
}
