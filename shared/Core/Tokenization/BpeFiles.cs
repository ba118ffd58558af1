using System.Text.Json;

namespace Replication.Bert.Tokenization;

/// <summary>Reads a byte-level BPE's vocabulary and merges: vocab.json with merges.txt, or tokenizer.json, which holds both.</summary>
internal static class BpeFiles
{
    private const string Vocabulary = "vocab.json", Merges = "merges.txt", Both = "tokenizer.json";

    /// <summary>The files' names.</summary>
    public static IReadOnlyList<string> Names { get; } = [Vocabulary, Merges];

    /// <summary>Whether a folder holds such a tokenizer.</summary>
    public static bool Exist(string folder) => File.Exists(Path.Combine(folder, Vocabulary)) || File.Exists(Path.Combine(folder, Merges));

    /// <summary>
    /// The ids of the tokens, the merges in their order, each as two tokens with a blank between, and the vocabulary's file for messages.
    /// </summary>
    public static (Dictionary<string, int> Vocabulary, IReadOnlyList<string> Merges, string Path) Read(string folder)
    {
        var (vocabulary, merges, both) = (Path.Combine(folder, Vocabulary), Path.Combine(folder, Merges), Path.Combine(folder, Both));
        if (!File.Exists(vocabulary) && !File.Exists(merges) && File.Exists(both))
            return ReadBoth(both);
        foreach (var path in new[] { vocabulary, merges }.Where(path => !File.Exists(path)))
            throw new ReplicationException($"{path} is missing; a RoBERTa model's folder holds {Vocabulary} and {Merges}, or {Both}.");
        var ids = Ids(vocabulary, JsonFile.ReadObject(vocabulary));
        return (ids, Distinct(
            ids, merges,
            Lines(merges).Select(line => (Merge(ids, line.Text, $"{merges}, line {line.Number}"), $"{merges}, line {line.Number}"))),
            vocabulary);
    }

    private static (Dictionary<string, int>, IReadOnlyList<string>, string) ReadBoth(string path)
    {
        var root = JsonFile.ReadObject(path);
        if (!root.TryGetProperty("model", out var model) || model.ValueKind != JsonValueKind.Object
            || !model.TryGetProperty("vocab", out var vocabulary) || vocabulary.ValueKind != JsonValueKind.Object
                || !model.TryGetProperty("merges", out var merges) || merges.ValueKind != JsonValueKind.Array)
            throw new ReplicationException($"{path} holds no byte-pair encoding: a model with vocab and merges was expected.");
        var ids = Ids(path, vocabulary);
        if (root.TryGetProperty("added_tokens", out var added) && added.ValueKind == JsonValueKind.Array)
        {
            foreach (var token in added.EnumerateArray().Where(token => token.ValueKind == JsonValueKind.Object))
            {
                if (token.TryGetProperty("content", out var content) && Text(content) is { } text
                    && token.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out var number)
                        && number >= 0)
                    ids.TryAdd(text, number);
            }
        }
        // Newer files hold a merge as two texts, older ones as one with a blank.
        return (ids, Distinct(ids, path, merges.EnumerateArray().Select((merge, i) => (Merge(
            ids, merge.ValueKind == JsonValueKind.Array ? string.Join(' ', merge.EnumerateArray().Select(Text)) : Text(
                merge) ?? merge.GetRawText(), $"{path}, merge {i + 1}"), $"{path}, merge {i + 1}"))), path);
    }

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // The place of a merge is its rank, so that it has one. All but a few tokens of several characters, such as <mask>, are made by
    // merges.
    private static List<string> Distinct(Dictionary<string, int> ids, string path, IEnumerable<(string Merge, string Place)> merges)
    {
        const int Few = 16;
        var (seen, ordered) = (new HashSet<string>(StringComparer.Ordinal), new List<string>());
        foreach (var (merge, place) in merges)
        {
            if (!seen.Add(merge))
                throw new ReplicationException($"{place}: '{merge}' appears twice; each merge must be there once.");
            ordered.Add(merge);
        }
        var longer = ids.Keys.Where(token => token.Length > 1).ToList();
        var made = ordered.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        if (longer.Count(token => !made.Contains(token)) is var missing && missing > Few + (longer.Count / 100))
            throw new ReplicationException(
                $"{path}: no merge makes {missing} of the vocabulary's {longer.Count} tokens of several characters, so it was cut off or "
                + $"belongs to another model; get it again.");
        return ordered;
    }

    private static Dictionary<string, int> Ids(string path, JsonElement vocabulary)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var seen = new Dictionary<int, string>();
        foreach (var token in vocabulary.EnumerateObject())
        {
            if (token.Value.ValueKind != JsonValueKind.Number || !token.Value.TryGetInt32(out var id) || id < 0)
                throw new ReplicationException(
                    $"{path}: the id of '{token.Name}' is {token.Value.GetRawText()}; a whole number from 0 was expected.");
            if (!ids.TryAdd(token.Name, id) || !seen.TryAdd(id, token.Name))
                throw new ReplicationException($"{path}: '{token.Name}' or its id {id} appears twice; each must be there once.");
        }
        return ids;
    }

    // The first line may tell a version. Only it may: a merge of number signs begins with one too.
    private static IEnumerable<(string Text, int Number)> Lines(string path) => TextOf(path).Split('\n')
        .Select((line, i) => (Text: line.TrimEnd('\r'), Number: i + 1))
        .Where(line => line.Text.Length > 0 && !(line.Number == 1 && line.Text.StartsWith("#version", StringComparison.Ordinal)));

    private static string TextOf(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReplicationException($"Cannot read {path}: {e.Message}", inner: e);
        }
    }

    private static string Merge(Dictionary<string, int> ids, string text, string place)
    {
        if (text.Split(' ') is not [{ Length: > 0 } first, { Length: > 0 } second])
            throw new ReplicationException($"{place}: '{text}' where two tokens with a blank between were expected.");
        if (new[] { first, second, first + second }.FirstOrDefault(token => !ids.ContainsKey(token)) is { } unknown)
            throw new ReplicationException(
                $"{place}: '{unknown}' is not in the vocabulary; vocabulary and merges belong to two different models.");
        return text;
    }
}
