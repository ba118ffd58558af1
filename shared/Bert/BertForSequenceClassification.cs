using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>An encoder with dropout and a linear layer on the pooled [CLS] state: classes, or one output for regression.</summary>
public sealed class BertForSequenceClassification : nn.Module<TokenBatch, EncoderOutputs, ClassifierOutput>
{
    [ComponentName(Name = "classifier")]
    private readonly Linear _classifier;

    /// <summary>Creates a model with new weights drawn from <paramref name="seed"/>.</summary>
    public BertForSequenceClassification(BertConfig config, int outputs, long seed) : this(config, outputs, CPU) =>
        NewWeights.Draw(this, config.InitializerRange, seed);

    /// <summary>Creates a model whose weights are still to be set.</summary>
    internal BertForSequenceClassification(BertConfig config, int outputs, Device device) : base(nameof(BertForSequenceClassification))
    {
        Outputs = outputs;
        Encoder = new BertModel(config, pooler: true, device);
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

    /// <summary>Logits W dropout(pooled) + b, in fp32, with what the encoder was asked for.</summary>
    public override ClassifierOutput forward(TokenBatch input, EncoderOutputs request)
    {
        var encoded = Encoder.call(input, request);
        using var scope = NewDisposeScope();
        var logits = _classifier.call(Encoder.BeginPass().DropHidden(encoded.PoolerOutput!));
        return new ClassifierOutput(logits.MoveToOuterDisposeScope(), encoded);
    }
}
