using Replication.Glue;
using Replication.Inference;
using Replication.Training;

namespace Replication.Export;

/// <summary>Scores an exported model for multiple choice on questions whose texts are ids already.</summary>
internal static class ExportedChoices
{
    /// <summary>Scores it.</summary>
    /// <param name="folder">The exported folder.</param>
    /// <param name="data">The questions, with the model's own tokenizer.</param>
    /// <param name="threads">Threads that compute; null for as many as this process may use.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <param name="onTexts">Called with how many texts, an option each, of how many are done.</param>
    /// <exception cref="ReplicationException">A file is missing or damaged, or the model gives an option no score of its own.</exception>
    public static Evaluation Evaluate(
        string folder, EncodedDataset data, int? threads, CancellationToken cancellation, Action<int, int>? onTexts = null)
    {
        using var chooser = BertChoiceClassifier.Open(folder, new BertClassifierOptions { Threads = threads ?? 0 });
        (int[], int)[] texts = [.. data.Examples.SelectMany(question => question.Texts).Select(text => (text.InputIds, text.FirstLength))];
        var scores = chooser.Scores(texts, cancellation, done => onTexts?.Invoke(done, texts.Length));
        return Evaluator.Score(data, [.. scores.Chunk(data.Task.Choices)]);
    }
}
