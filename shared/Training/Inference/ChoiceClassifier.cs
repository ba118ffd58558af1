using Replication.Bert;
using Replication.Bert.Tokenization;
using Replication.Glue;
using Replication.Training;
using TorchSharp;

namespace Replication;

/// <summary>A question on a passage with the options to choose from.</summary>
/// <param name="Passage">The passage.</param>
/// <param name="Options">What follows the passage for each option: the question with the option, two or more.</param>
public sealed record ChoiceQuestion(string Passage, IReadOnlyList<string> Options);

/// <summary>A trained model for multiple choice: which of some options answers a question on a passage.</summary>
public sealed class ChoiceClassifier : IDisposable
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

    /// <summary>Probabilities of the options of each question, in their order.</summary>
    /// <param name="questions">The questions.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <exception cref="ReplicationException">A question has fewer than two options, or with an option it leaves no room for the
    /// passage.</exception>
    public IReadOnlyList<IReadOnlyList<double>> PredictBatch(
        IReadOnlyList<ChoiceQuestion> questions, CancellationToken cancellation = default)
    {
        var rows = new List<EncodedExample>();
        foreach (var (number, question) in questions.Index())
        {
            if (question.Options.Count < 2)
                throw new ReplicationException(
                    $"Question {number + 1} has {question.Options.Count} options; a passage, a question and two or more options are "
                    + $"needed.");
            var passage = _pieces.Encode(question.Passage);
            foreach (var option in question.Options)
            {
                var text = ChoiceText.Join(_pieces, passage, _pieces.Encode(option), _maxLength)
                    ?? throw new ReplicationException(
                        $"Question {number + 1} and its option '{option}' leave no room for the passage among {_maxLength} tokens; "
                        + $"choose a longer --max-length, or a model with more positions.");
                rows.Add(new EncodedExample(rows.Count, [text], float.NaN));
            }
        }
        var logits = Evaluator.Logits(
            _model, new EncodedDataset(new GlueTask("options", [], IsPair: true, []), rows, "") { PaddingId = _pieces.Ids.Padding },
            _device, cancellation);
        var next = 0;
        return [.. questions.Select(question => Softmax([.. question.Options.Select(_ => logits[next++][0])]))];
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private static double[] Softmax(float[] logits)
    {
        if (logits.Any(logit => !float.IsFinite(logit)))
            throw new ReplicationException(
                "The model's outputs are not finite numbers; its training diverged, or its weights are damaged.");
        var weights = Array.ConvertAll(logits, logit => Math.Exp(logit - (double)logits.Max()));
        return Array.ConvertAll(weights, weight => weight / weights.Sum());
    }
}
