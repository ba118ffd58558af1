using System.Text.Json;

namespace Replication.Glue.Race;

/// <summary>Reads a passage's file: an object with article, questions, options and answers.</summary>
internal static class RacePassage
{
    private const string Letters = "ABCD";

    /// <summary>The questions of a passage.</summary>
    /// <param name="file">The file.</param>
    /// <param name="level">The school.</param>
    /// <exception cref="ReplicationException">It is cut off, lacks a part, or a question has not four options and one answer; the message
    /// names file and question.</exception>
    public static IEnumerable<RaceQuestion> Questions(TreeFile file, RaceLevel level)
    {
        using var document = Parse(file);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new ReplicationException($"{file.Place}: an object with article, questions, options and answers was expected.");
        var article = Text(Part(file, root, "article", JsonValueKind.String), file.Place, "article");
        var (questions, options, answers) = (List(file, root, "questions"), List(file, root, "options"), List(file, root, "answers"));
        if (questions.Count == 0)
            throw new ReplicationException($"{file.Place}: a passage without questions.");
        if (options.Count != questions.Count || answers.Count != questions.Count)
            throw new ReplicationException(
                $"{file.Place}: {questions.Count} questions with {options.Count} lists of options and {answers.Count} answers; there "
                    + $"must be one of each a question.");
        return [.. questions.Select(
            (question, number) => Question(file, level, article, number, question, options[number], answers[number]))];
    }

    /// <summary>The option that a letter names.</summary>
    /// <exception cref="ReplicationException">It is none of A to D.</exception>
    public static int Answer(string? letter, string place) =>
        letter is [var one] && Letters.IndexOf(one, StringComparison.Ordinal) is var answer and >= 0 ? answer
        : throw new ReplicationException($"{place}: the answer is '{letter}'; one of A, B, C or D was expected.");

    /// <summary>Refuses options that are not four.</summary>
    /// <exception cref="ReplicationException">There are more or fewer.</exception>
    public static IReadOnlyList<string> Options(IReadOnlyList<string> options, string place) =>
        options.Count == RaceQuestion.Choices ? options
        : throw new ReplicationException($"{place}: {options.Count} options where {RaceQuestion.Choices} were expected.");

    private static RaceQuestion Question(
        TreeFile file, RaceLevel level, string article, int number, JsonElement question, JsonElement options, JsonElement answer)
    {
        var place = $"{file.Place}, question {number + 1}";
        if (options.ValueKind != JsonValueKind.Array)
            throw new ReplicationException($"{place}: its options are not a list.");
        var texts = options.EnumerateArray().Select((option, i) => Text(option, place, $"option {Letters[i % Letters.Length]}")).ToArray();
        return new RaceQuestion(
            place, file.Name, number, level, article, Text(question, place, "question"), Options(texts, place),
            Answer(Text(answer, place, "answer"), place));
    }

    private static JsonDocument Parse(TreeFile file)
    {
        try
        {
            return JsonDocument.Parse(file.Text);
        }
        catch (JsonException e)
        {
            throw new ReplicationException(
                $"{file.Place}: not JSON at character {(e.BytePositionInLine ?? 0) + 1} of line {(e.LineNumber ?? 0) + 1}, so it was "
                    + $"cut off or damaged; get it again.", inner: e);
        }
    }

    private static JsonElement Part(TreeFile file, JsonElement root, string name, JsonValueKind kind) =>
        root.TryGetProperty(name, out var part) && part.ValueKind == kind ? part
        : throw new ReplicationException(
            $"{file.Place}: no {(kind == JsonValueKind.Array ? "list" : "text")} '{name}'; a passage of RACE has article, questions, "
            + $"options and answers.");

    private static List<JsonElement> List(TreeFile file, JsonElement root, string name) =>
        [.. Part(file, root, name, JsonValueKind.Array).EnumerateArray()];

    private static string Text(JsonElement value, string place, string name) =>
        JsonTexts.Read(value) ?? throw new ReplicationException($"{place}: the {name} is not a string.");
}
