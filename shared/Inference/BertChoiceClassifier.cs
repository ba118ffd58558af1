using System.Diagnostics.Metrics;

namespace Replication.Inference;

/// <summary>
/// A model for multiple choice in a folder that 'export --format onnx' has written, run by ONNX Runtime: which of some options
/// answers a question on a passage. All methods may be called by several threads at once.
/// </summary>
public sealed class BertChoiceClassifier : IChoiceClassifier
{
    private const int UsualLength = 512;

    private readonly TextModel _model;
    private readonly int _maxLength;

    private BertChoiceClassifier(TextModel model, int maxLength) => (_model, _maxLength) = (model, maxLength);

    /// <summary>Opens a folder: model.onnx, config.json and the tokenizer's files.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">How it runs; null for the defaults. Of a text that is too long only the passage is cut.</param>
    /// <param name="meters">Where its metrics are made; null for a meter of its own.</param>
    /// <exception cref="ReplicationException">
    /// A file is missing, damaged or does not fit the others, an option is out of its range, or the model labels texts.
    /// </exception>
    public static BertChoiceClassifier Open(string folder, BertClassifierOptions? options = null, IMeterFactory? meters = null)
    {
        options ??= new BertClassifierOptions();
        var model = TextModel.Open(folder, options, meters, BertClassifier.Output);
        if (model.Width(BertClassifier.Output) is not 1 and var width)
        {
            model.Dispose();
            throw new ReplicationException(
                $"{Path.Combine(folder, TextModel.FileName)} has {width} outputs for a text; a model for multiple choice gives an "
                    + $"option one score.");
        }
        return new BertChoiceClassifier(model, options.MaxLength ?? Math.Min(UsualLength, model.LongestInput));
    }

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<double>> PredictBatch(
        IReadOnlyList<ChoiceQuestion> questions, CancellationToken cancellation = default)
    {
        foreach (var question in questions)
            foreach (var option in question.Options)
                _model.CheckCharacters(question.Passage.Length + option.Length);
        return ChoiceText.Probabilities(questions, Scores(ChoiceText.Texts(_model.Tokenizer, questions, _maxLength), cancellation));
    }

    /// <summary>The model's output for each text.</summary>
    /// <param name="texts">Ids of each text, which is a passage with an option, and how many of them have token type 0.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <param name="onTexts">Called with how many are done.</param>
    internal float[] Scores(
        IReadOnlyList<(int[] Ids, int FirstLength)> texts, CancellationToken cancellation, Action<int>? onTexts = null)
    {
        var scores = new float[texts.Count];
        var done = 0;
        _model.Run(
            texts,
            (row, _, numbers) =>
            {
                scores[row] = numbers[0];
                onTexts?.Invoke(++done);
            },
            cancellation);
        return scores;
    }

    /// <summary>Frees the model. Calls that are under way must have ended.</summary>
    public void Dispose() => _model.Dispose();
}
