using Replication.Bert;
using Replication.Bert.Tokenization;
using Replication.Glue;
using Replication.Training;
using TorchSharp;

namespace Replication;

/// <summary>A trained model that labels texts: what is needed to use one, in three lines.</summary>
/// <example><code>
/// using Replication;
///
/// using var classifier = Classifier.Open("my-model");
/// var prediction = classifier.Predict("A warm and funny film.");
/// Console.WriteLine($"{prediction.Label} {prediction.Probabilities.Max():P1}");
/// </code></example>
public sealed class Classifier : ITextClassifier
{
    private readonly BertForSequenceClassification _model;
    private readonly TextTokenizer _pieces;
    private readonly LabelSet _labels;
    private readonly GlueTask _task;
    private readonly int _maxLength;
    private readonly torch.Device _device;
    private readonly int? _threads;

    internal BertForSequenceClassification Model => _model;

    private Classifier(
        BertForSequenceClassification model, TextTokenizer pieces, LabelSet labels, int maxLength, torch.Device device, int? threads)
    {
        (_model, _pieces, _labels, _maxLength, _device, _threads) = (model, pieces, labels, maxLength, device, threads);
        // The evaluator asks of a task no more than its outputs; a single one is a score.
        _task = new GlueTask("text", labels.Labels, IsPair: true, [GlueMetric.Accuracy]);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Labels => _labels.Labels;

    /// <summary>Opens a folder in Hugging Face's layout: config.json, model.safetensors or pytorch_model.bin, vocab.txt.</summary>
    /// <param name="folder">The folder, such as one that finetune or export has written.</param>
    /// <param name="maxLength">
    /// Longest text in tokens, [CLS] and [SEP] included; longer ones are cut. Null for 128, or as many as model and tokenizer take.
    /// </param>
    /// <param name="device">cpu or cuda.</param>
    /// <param name="threads">
    /// Threads that compute on the CPU; null for all that libtorch has, or one where there is little to do: a sentence by itself is
    /// the faster for it, several times on a machine with other work.
    /// </param>
    /// <exception cref="ReplicationException">A file is missing or damaged, or the model has no classifier.</exception>
    public static Classifier Open(string folder, int? maxLength = null, string device = "cpu", int? threads = null)
    {
        if (threads < 1)
            throw new ReplicationException($"The number of threads is {threads}; it must be 1 or more.", ReplicationException.UsageError);
        var length = ModelLength.Of(folder, maxLength, ModelLength.Usual(task: null));
        var outputs = ModelFolder.ClassifierOutputs(folder)
            ?? throw new ReplicationException($"The model in {folder} has no classifier; fine-tune it on a task first.");
        var labels = LabelSet.Read(folder, outputs);
        var pieces = ModelFolder.OpenTokenizer(folder);
        var target = new torch.Device(device);
        var model = ModelFolder.OpenClassifier(folder, outputs);
        model.to(target);
        return new Classifier(model, pieces, labels, length, target, threads);
    }

    /// <inheritdoc/>
    public Prediction Predict(string first, string? second = null, CancellationToken cancellation = default) =>
        PredictBatch([new TextInput(first, second)], cancellation)[0];

    /// <inheritdoc/>
    public IReadOnlyList<Prediction> PredictBatch(IReadOnlyList<TextInput> texts, CancellationToken cancellation = default) =>
        [.. Logits(texts, cancellation).Select(logits => _labels.ToPrediction(logits))];

    /// <inheritdoc/>
    public IReadOnlyList<float[]> Logits(IReadOnlyList<TextInput> texts, CancellationToken cancellation = default)
    {
        var rows = texts.Select((text, row) => new GlueExample(row, text.First, text.Second, Label: null));
        var data = Encoder.Encode(new GlueDataset(_task, GlueSplit.Test, [.. rows], Sha256: "", Source: "texts"), _pieces, _maxLength);
        using var threads = OperationThreads.Use(
            _threads ?? OperationThreads.For(_model.Config, [.. data.Examples.Select(e => e.Length)], torch.get_num_threads()));
        var longest = _model.Config.LongestInput;
        return Evaluator.Logits(
            _model, data, ShapedBatches.Of(data, longest), rows => ShapedBatches.Length(data, rows, longest), _device, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();
}
