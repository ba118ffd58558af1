using Replication.Bert.SubNetworks;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>
/// An encoder with dropout and a linear layer on the pooled [CLS] state: classes, or one output for regression, or one output for
/// each option of a multiple choice, whose texts are neighbours in the batch. DistilBERT has no pooler but relu(W h_[CLS] + b), which
/// belongs to the classifier, and RoBERTa tanh(W dropout(h_[CLS]) + b).
/// </summary>
public sealed class BertForSequenceClassification : nn.Module<TokenBatch, EncoderOutputs, ClassifierOutput>
{
    [ComponentName(Name = "pre_classifier")]
    private readonly Linear? _preClassifier;

    [ComponentName(Name = "classifier")]
    private readonly Linear _classifier;

    /// <summary>Creates a model with new weights drawn from <paramref name="seed"/>.</summary>
    public BertForSequenceClassification(BertConfig config, int outputs, long seed, int choices = 1)
        : this(config, outputs, CPU, choices) =>
        NewWeights.Draw(this, config.InitializerRange, seed);

    /// <summary>Creates a model whose weights are still to be set.</summary>
    internal BertForSequenceClassification(BertConfig config, int outputs, Device device, int choices = 1)
        : base(nameof(BertForSequenceClassification))
    {
        if (choices > 1 && outputs != choices)
            throw new ArgumentOutOfRangeException(
                nameof(outputs), outputs, $"A multiple choice has an output for each of its {choices} options.");
        (Outputs, Choices) = (outputs, choices);
        var pooler = config.Kind == EncoderKind.Bert;
        Encoder = new BertModel(config, pooler, device);
        _preClassifier = pooler ? null : UnsetModules.Linear(config.HiddenSize, config.HiddenSize, device);
        _classifier = UnsetModules.Linear(config.HiddenSize, choices > 1 ? 1 : outputs, device);
        RegisterComponents();
    }

    /// <summary>The encoder.</summary>
    [field: ComponentName(Name = "bert")]
    public BertModel Encoder { get; }

    /// <summary>The geometry.</summary>
    public BertConfig Config => Encoder.Config;

    /// <summary>Outputs of a row: classes, or 1, or <see cref="Choices"/>.</summary>
    public int Outputs { get; }

    /// <summary>Texts of a row: the options of a multiple choice; otherwise 1.</summary>
    public int Choices { get; }

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

    /// <summary>
    /// Logits W dropout(pooled) + b, or W relu(pooled) + b, in fp32 [rows, outputs], with what the encoder was asked for;
    /// the encoder's batch has <see cref="Choices"/> texts a row.
    /// </summary>
    public override ClassifierOutput forward(TokenBatch input, EncoderOutputs request)
    {
        var encoded = Encoder.call(input, request);
        using var scope = NewDisposeScope();
        var pass = Encoder.BeginPass();
        var pooled = Pooled(encoded, pass);
        var logits = _classifier.call(Config.ReluBeforeClassifier ? pooled.relu() : pass.DropBeforeClassifier(pooled));
        if (Choices > 1)
            logits = logits.view(-1, Choices);
        return new ClassifierOutput(logits.MoveToOuterDisposeScope(), encoded);
    }

    /// <summary>
    /// Puts the outputs in another order: the first becomes the one that <paramref name="order"/> begins with, and so on.
    /// </summary>
    internal void Reorder(IReadOnlyList<int> order)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var rows = tensor(order.Select(place => (long)place).ToArray(), device: _classifier.weight.device);
        _classifier.weight.copy_(_classifier.weight.index_select(0, rows));
        _classifier.bias!.copy_(_classifier.bias!.index_select(0, rows));
    }

    private Tensor Pooled(EncoderOutput encoded, EncoderPass pass)
    {
        if (_preClassifier is null)
            return encoded.PoolerOutput!;
        var first = encoded.LastHiddenState.select(1, 0);
        return Config.Kind == EncoderKind.Roberta
            ? _preClassifier.call(pass.DropBeforeClassifier(first)).tanh()
            : _preClassifier.call(first).relu();
    }
}
