using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>An encoder with dropout and a linear layer on the pooled [CLS] state: classes, or one output for regression.</summary>
public sealed class BertForSequenceClassification : nn.Module<TokenBatch, EncoderOutputs, ClassifierOutput>
{
    /// <summary>Creates a model with new weights drawn from <paramref name="seed"/>.</summary>
    public BertForSequenceClassification(BertConfig config, int outputs, long seed)
        : base(nameof(BertForSequenceClassification)) => throw new NotImplementedException();

    /// <summary>The geometry.</summary>
    public BertConfig Config => throw new NotImplementedException();

    /// <summary>Classes, or 1.</summary>
    public int Outputs => throw new NotImplementedException();

    /// <summary>Number format of the matrix products.</summary>
    public Precision Precision { get; set; }

    /// <summary>Dropout; null (the default) switches dropout off even in training mode.</summary>
    public DropoutStream? Dropout { get; set; }

    /// <summary>Probability for hidden states and attention alike, in place of the configuration's; null leaves those.</summary>
    public double? DropoutProbability { get; set; }

    /// <inheritdoc/>
    public override ClassifierOutput forward(TokenBatch input, EncoderOutputs request) => throw new NotImplementedException();
}
