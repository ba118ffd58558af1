using System.Text;
using System.Text.Json;

namespace Replication.Glue.Squad;

/// <summary>
/// Reads SQuAD from JSON: the official form (articles, paragraphs, questions), or the hub's flat one, where a question has its own
/// passage and its answers are two lists, as an array, under "data", or an object a line. Keys that are not needed, such as
/// plausible_answers, are left alone.
/// </summary>
internal sealed class SquadJson
{
    private readonly string _path;
    private readonly bool _hasAnswers;
    private readonly List<SquadQuestion> _questions = [];

    private SquadJson(string path, bool hasAnswers) => (_path, _hasAnswers) = (path, hasAnswers);

    /// <summary>The questions of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="hasAnswers">Whether the key "answers" has to be there.</param>
    /// <exception cref="ReplicationException">Cut off, or malformed; the message names file, article, paragraph and question.</exception>
    public static IReadOnlyList<SquadQuestion> Read(string path, bool hasAnswers = true)
    {
        var reader = new SquadJson(path, hasAnswers);
        reader.ReadAll(File(path));
        return reader._questions;
    }

    private static ReadOnlyMemory<byte> File(string path)
    {
        MistakenFile.Refuse(path);
        try
        {
            var bytes = System.IO.File.ReadAllBytes(path).AsMemory();
            return bytes.Span.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReplicationException($"Cannot read {path}: {e.Message}", inner: e);
        }
    }

    private void ReadAll(ReadOnlyMemory<byte> bytes)
    {
        var roots = new List<JsonElement>();
        var json = new Utf8JsonReader(bytes.Span, new JsonReaderOptions { AllowMultipleValues = true });
        try
        {
            while (json.Read())
                roots.Add(JsonElement.ParseValue(ref json));
        }
        catch (JsonException e)
        {
            throw new ReplicationException(
                $"{_path}, line {(e.LineNumber ?? 0) + 1}, byte {(e.BytePositionInLine ?? 0) + 1}: no more JSON that can be read, so "
                    + $"the file was cut off or damaged; get it again.", inner: e);
        }
        var single = roots.Count == 1 ? roots[0] : default;
        var items = single.ValueKind switch
        {
            JsonValueKind.Array => [.. single.EnumerateArray()],
            JsonValueKind.Object when single.TryGetProperty("data", out var data) =>
                data.ValueKind == JsonValueKind.Array ? [.. data.EnumerateArray()]
                : throw Bad("data", "a list of articles was expected"),
            _ => roots,
        };
        foreach (var (index, item) in items.Index())
            ReadItem(item, $"article {index + 1}", $"row {index + 1}");
        if (_questions.Count == 0)
            throw new ReplicationException($"{_path} holds no questions; a file of SQuAD was expected.");
    }

    private void ReadItem(JsonElement item, string article, string row)
    {
        if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty("paragraphs", out var paragraphs))
            ReadArticle(item, paragraphs, article);
        else if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty("context", out _))
            Add(item, Text(item, "context", row), Title(item, row), row);
        else
            throw Bad(article, "it has neither paragraphs nor a context");
    }

    private void ReadArticle(JsonElement item, JsonElement paragraphs, string place)
    {
        var title = Title(item, place);
        if (title.Length > 0)
            place = $"{place} ('{title}')";
        if (paragraphs.ValueKind != JsonValueKind.Array)
            throw Bad(place, "its paragraphs are not a list");
        foreach (var (index, paragraph) in paragraphs.EnumerateArray().Index())
        {
            var here = $"{place}, paragraph {index + 1}";
            if (paragraph.ValueKind != JsonValueKind.Object)
                throw Bad(here, "it is not an object");
            var context = Text(paragraph, "context", here);
            if (!paragraph.TryGetProperty("qas", out var questions) || questions.ValueKind != JsonValueKind.Array
                || questions.GetArrayLength() == 0)
                throw Bad(here, "a passage without questions");
            foreach (var (number, question) in questions.EnumerateArray().Index())
                Add(question, context, title, $"{here}, question {number + 1}");
        }
    }

    private void Add(JsonElement question, string context, string title, string place)
    {
        if (question.ValueKind != JsonValueKind.Object)
            throw Bad(place, "it is not an object");
        var id = Text(question, "id", place);
        place = $"{place} (id {id})";
        var answers = Answers(question, place);
        if (IsImpossible(question, place) && answers.Count > 0)
            throw Bad(place, "it is marked as impossible and has answers; plausible ones belong under plausible_answers");
        _questions.Add(new SquadQuestion($"{_path}, {place}", id, title, context, Text(question, "question", place), answers));
    }

    private bool IsImpossible(JsonElement question, string place) => question.TryGetProperty("is_impossible", out var impossible)
        && impossible.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False or JsonValueKind.Null => false,
            _ => throw Bad(place, $"is_impossible is {impossible.GetRawText()}; true or false was expected"),
        };

    private List<SquadAnswer> Answers(JsonElement question, string place)
    {
        if (!question.TryGetProperty("answers", out var answers) || answers.ValueKind == JsonValueKind.Null)
            return _hasAnswers ? throw Bad(place, "it lacks the key 'answers'") : [];
        if (answers.ValueKind == JsonValueKind.Array)
            return [.. answers.EnumerateArray().Select((answer, i) => Answer(answer, $"{place}, answer {i + 1}"))];
        // The hub's form: two lists of one length.
        if (answers.ValueKind != JsonValueKind.Object || !answers.TryGetProperty("text", out var texts)
            || texts.ValueKind != JsonValueKind.Array)
            throw Bad(place, "its answers are neither a list nor an object with lists 'text' and 'answer_start'");
        var starts = answers.TryGetProperty("answer_start", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().ToList()
            : null;
        if (starts is not null && starts.Count != texts.GetArrayLength())
            throw Bad(place, $"{texts.GetArrayLength()} texts of answers with {starts.Count} places");
        return [.. texts.EnumerateArray().Select((text, i) => new SquadAnswer(
            JsonTexts.Read(text) ?? throw Bad($"{place}, answer {i + 1}", "it is not a string"),
            starts is null ? null : Start(starts[i], $"{place}, answer {i + 1}")))];
    }

    private SquadAnswer Answer(JsonElement answer, string place) => answer.ValueKind == JsonValueKind.Object
        ? new SquadAnswer(Text(answer, "text", place), answer.TryGetProperty("answer_start", out var start) ? Start(start, place) : null)
        : throw Bad(place, "it is not an object with text and answer_start");

    private int? Start(JsonElement start, string place) => start.ValueKind == JsonValueKind.Null ? null
        : start.ValueKind == JsonValueKind.Number && start.TryGetInt32(out var place0) && place0 >= 0 ? place0
        : throw Bad(place, $"answer_start is {start.GetRawText()}; a whole number from 0 was expected");

    private string Title(JsonElement item, string place) => item.TryGetProperty("title", out _) ? Text(item, "title", place) : "";

    private string Text(JsonElement item, string key, string place) =>
        !item.TryGetProperty(key, out var value) ? throw Bad(place, $"it lacks the key '{key}'") : JsonTexts.Read(value)
            ?? throw Bad(place, $"its {key} is not a string");

    private ReplicationException Bad(string place, string what) => new($"{_path}, {place}: {what}.");
}
