using Replication.Bert;
using Replication.Bert.Tokenization;
using Replication.Glue;
using Replication.Training;
using TorchSharp;

namespace Replication;

/// <summary>A trained model for multiple choice: which of some options answers a question on a passage.</summary>
public sealed class ChoiceClassifier : IChoiceClassifier
{
    private readonly BertForSequenceClassification _model;
    private readonly TextTokenizer _pieces;
    private readonly int _maxLength;
    private readonly torch.Device _device;

    private ChoiceClassifier(BertForSequenceClassification model, TextTokenizer pieces, int maxLength, torch.Device device) =>
        (_model, _pieces, _maxLength, _device) = (model, pieces, maxLength, device);

    /// <summary>Opens a folder in Hugging Face's layout.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="maxLength">Longest text in tokens, of which only the passage is cut; null for the model's positions.</param>
    /// <param name="device">cpu or cuda.</param>
    /// <exception cref="ReplicationException">A file is missing or damaged, or the model scores no options.</exception>
    public static ChoiceClassifier Open(string folder, int? maxLength = null, string device = "cpu")
    {
        var length = ModelLength.Of(folder, maxLength, usual: 512);
        var pieces = ModelFolder.OpenTokenizer(folder);
        var target = new torch.Device(device);
        // Each option is scored by itself, so that any number of them can be compared.
        var model = ModelFolder.OpenClassifier(folder, outputs: 1);
        model.to(target);
        return new ChoiceClassifier(model, pieces, length, target);
    }

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<double>> PredictBatch(
        IReadOnlyList<ChoiceQuestion> questions, CancellationToken cancellation = default)
    {
        var rows = ChoiceText.Texts(_pieces, questions, _maxLength)
            .Select((text, row) => new EncodedExample(row, [new EncodedText(text.Ids, text.FirstLength)], float.NaN)).ToList();
        var data = new EncodedDataset(new GlueTask("options", [], IsPair: true, []), rows, "") { PaddingId = _pieces.Ids.Padding };
        return ChoiceText.Probabilities(questions, [.. Evaluator.Logits(_model, data, _device, cancellation).Select(logits => logits[0])]);
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();
}
