using System.Globalization;
using Replication.Bert;
using Replication.Bert.Tokenization;
using Replication.Glue;
using Replication.Training;
using TorchSharp;

namespace Replication;

/// <summary>A trained model that labels texts: what is needed to use one, in three lines.</summary>
/// <example><code>
/// using var classifier = Classifier.Open("my-model");
/// var prediction = classifier.Predict("A warm and funny film.");
/// Console.WriteLine($"{prediction.Label} {prediction.Probabilities.Max():P1}");
/// </code></example>
public sealed class Classifier : IDisposable
{
    private readonly BertForSequenceClassification _model;
    private readonly WordPiece _pieces;
    private readonly GlueTask _task;
    private readonly int _maxLength;
    private readonly torch.Device _device;

    private Classifier(BertForSequenceClassification model, WordPiece pieces, IReadOnlyList<string> labels, int maxLength, torch.Device device)
    {
        (_model, _pieces, _maxLength, _device) = (model, pieces, maxLength, device);
        // The evaluator asks of a task no more than its outputs; a single one is a score.
        _task = new GlueTask("text", model.Outputs == 1 ? [] : labels, IsPair: true, [GlueMetric.Accuracy]);
    }

    /// <summary>The classes in the order of the model's outputs; empty for a model that gives scores.</summary>
    public IReadOnlyList<string> Labels => _task.Labels;

    /// <summary>Opens a folder in Hugging Face's layout: config.json, model.safetensors or pytorch_model.bin, vocab.txt.</summary>
    /// <param name="folder">The folder, such as one that finetune or export has written.</param>
    /// <param name="maxLength">Longest text in tokens, [CLS] and [SEP] included; longer ones are cut.</param>
    /// <param name="device">cpu or cuda.</param>
    /// <exception cref="ReplicationException">A file is missing or damaged, or the model has no classifier.</exception>
    public static Classifier Open(string folder, int maxLength = 128, string device = "cpu")
    {
        var config = ModelFolder.ReadConfig(folder);
        if (maxLength < 4 || maxLength > config.MaxPositionEmbeddings)
            throw new ReplicationException($"The longest text is {maxLength} tokens; for the model in {folder} it must be from 4 to {config.MaxPositionEmbeddings}.", ReplicationException.UsageError);
        var outputs = ModelFolder.ClassifierOutputs(folder)
            ?? throw new ReplicationException($"The model in {folder} has no classifier; fine-tune it on a task first.");
        var labels = ModelFolder.ReadLabels(folder);
        if (labels is null || labels.Count != outputs)
            labels = [.. Enumerable.Range(0, outputs).Select(i => string.Create(CultureInfo.InvariantCulture, $"LABEL_{i}"))];
        var pieces = ModelFolder.OpenTokenizer(folder);
        var target = new torch.Device(device);
        var model = ModelFolder.OpenClassifier(folder, outputs);
        model.to(target);
        return new Classifier(model, pieces, labels, maxLength, target);
    }

    /// <summary>Labels a sentence, or a pair of sentences for a model that compares two.</summary>
    /// <param name="first">First or only sentence.</param>
    /// <param name="second">Second sentence; null for none.</param>
    public Prediction Predict(string first, string? second = null) => Predict([(first, second)])[0];

    /// <summary>Labels many at once, which is faster; the results are in the order of the texts.</summary>
    /// <param name="texts">Sentences, or pairs of them.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    public IReadOnlyList<Prediction> Predict(IReadOnlyList<(string First, string? Second)> texts, CancellationToken cancellation = default)
    {
        var rows = texts.Select((text, row) => new GlueExample(row, text.First, text.Second, Label: null));
        var data = Encoder.Encode(new GlueDataset(_task, GlueSplit.Test, [.. rows], Sha256: "", Source: "texts"), _pieces, _maxLength);
        return [.. Evaluator.Logits(_model, data, _device, cancellation).Select(ToPrediction)];
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private Prediction ToPrediction(float[] logits)
    {
        if (_task.IsRegression)
            return new Prediction(logits[0].ToString("0.###", CultureInfo.InvariantCulture), []) { Score = logits[0] };
        var highest = logits.Max();
        var weights = logits.Select(l => Math.Exp(l - highest)).ToArray();
        var sum = weights.Sum();
        return new Prediction(Labels[Array.IndexOf(logits, highest)], [.. weights.Select(w => w / sum)]);
    }
}
