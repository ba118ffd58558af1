using System.Text.Json;

namespace Replication.Glue.Squad;

/// <summary>Answers as the official scripts take them: one JSON object from id to text, empty for no answer.</summary>
public static class SquadPredictions
{
    /// <summary>A model's answers by the questions' ids.</summary>
    /// <param name="answerer">The model.</param>
    /// <param name="data">The questions.</param>
    /// <param name="search">How answers are searched for.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <param name="onWindows">Called with how many pieces of passages of how many are done.</param>
    public static IReadOnlyDictionary<string, string> Of(
        IQuestionAnswerer answerer, SquadDataset data, AnswerSearch search, CancellationToken cancellation,
        Action<int, int>? onWindows = null)
    {
        QuestionInput[] asked = [.. data.Questions.Select(question => new QuestionInput(question.Question, question.Context))];
        return data.Questions.Zip(answerer.AnswerAll(asked, search, cancellation, onWindows))
            .ToDictionary(pair => pair.First.Id, pair => pair.Second.Text, StringComparer.Ordinal);
    }

    /// <summary>Writes the answers in the order of the questions.</summary>
    public static void Write(string path, IEnumerable<KeyValuePair<string, string>> answers) =>
        AtomicFile.WriteText(path, Json.Text(new Dictionary<string, string>(answers, StringComparer.Ordinal)));

    /// <summary>Reads answers.</summary>
    /// <exception cref="ReplicationException">It is no such object, or an id appears twice; the message names file and id.</exception>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        var root = Json.Read<JsonElement>(path);
        if (root.ValueKind != JsonValueKind.Object)
            throw new ReplicationException($"{path}: one JSON object from a question's id to its answer was expected.");
        var answers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var answer in root.EnumerateObject())
        {
            var text = JsonTexts.Read(answer.Value)
                ?? throw new ReplicationException($"{path}: the answer to '{answer.Name}' is not a string; an empty one means no answer.");
            if (!answers.TryAdd(answer.Name, text))
                throw new ReplicationException($"{path}: '{answer.Name}' appears twice; each question has one answer.");
        }
        return answers;
    }
}
