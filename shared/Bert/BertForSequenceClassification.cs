using Replication.Bert.SubNetworks;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>
/// An encoder with dropout and a linear layer on the pooled [CLS] state: classes, or one output for regression.
/// DistilBERT has no pooler but relu(W h_[CLS] + b), which belongs to the classifier.
/// </summary>
public sealed class BertForSequenceClassification : nn.Module<TokenBatch, EncoderOutputs, ClassifierOutput>
{
    [ComponentName(Name = "pre_classifier")]
    private readonly Linear? _preClassifier;

    [ComponentName(Name = "classifier")]
    private readonly Linear _classifier;

    /// <summary>Creates a model with new weights drawn from <paramref name="seed"/>.</summary>
    public BertForSequenceClassification(BertConfig config, int outputs, long seed) : this(config, outputs, CPU) =>
        NewWeights.Draw(this, config.InitializerRange, seed);

    /// <summary>Creates a model whose weights are still to be set.</summary>
    internal BertForSequenceClassification(BertConfig config, int outputs, Device device) : base(nameof(BertForSequenceClassification))
    {
        Outputs = outputs;
        var distil = config.Kind == EncoderKind.DistilBert;
        Encoder = new BertModel(config, pooler: !distil, device);
        _preClassifier = distil ? UnsetModules.Linear(config.HiddenSize, config.HiddenSize, device) : null;
        _classifier = UnsetModules.Linear(config.HiddenSize, outputs, device);
        RegisterComponents();
    }

    /// <summary>The encoder.</summary>
    [field: ComponentName(Name = "bert")]
    public BertModel Encoder { get; }

    /// <summary>The geometry.</summary>
    public BertConfig Config => Encoder.Config;

    /// <summary>Classes, or 1.</summary>
    public int Outputs { get; }

    /// <inheritdoc cref="BertModel.Precision"/>
    public Precision Precision
    {
        get => Encoder.Precision;
        set => Encoder.Precision = value;
    }

    /// <inheritdoc cref="BertModel.Dropout"/>
    public DropoutStream? Dropout
    {
        get => Encoder.Dropout;
        set => Encoder.Dropout = value;
    }

    /// <inheritdoc cref="BertModel.DropoutProbability"/>
    public double? DropoutProbability
    {
        get => Encoder.DropoutProbability;
        set => Encoder.DropoutProbability = value;
    }

    /// <inheritdoc cref="BertModel.SubNetwork"/>
    public SubNetwork? SubNetwork
    {
        get => Encoder.SubNetwork;
        set => Encoder.SubNetwork = value;
    }

    /// <summary>Logits W dropout(pooled) + b, or W relu(pooled) + b, in fp32, with what the encoder was asked for.</summary>
    public override ClassifierOutput forward(TokenBatch input, EncoderOutputs request)
    {
        var encoded = Encoder.call(input, request);
        using var scope = NewDisposeScope();
        var pooled = _preClassifier is null ? encoded.PoolerOutput! : _preClassifier.call(encoded.LastHiddenState.select(1, 0)).relu();
        var logits = _classifier.call(Config.ReluBeforeClassifier ? pooled.relu() : Encoder.BeginPass().DropBeforeClassifier(pooled));
        return new ClassifierOutput(logits.MoveToOuterDisposeScope(), encoded);
    }
}
