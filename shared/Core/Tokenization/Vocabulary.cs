namespace Replication.Bert.Tokenization;

/// <summary>Reads and checks a vocabulary.</summary>
internal static class Vocabulary
{
    /// <summary>The tokens of vocab.txt in the order of their ids.</summary>
    /// <exception cref="ReplicationException">It is missing, empty or not UTF-8, or holds a token twice.</exception>
    public static string[] Read(string path)
    {
        var tokens = Lines(path);
        var ids = new Dictionary<string, int>(tokens.Length, StringComparer.Ordinal);
        for (var id = 0; id < tokens.Length; id++)
            if (!ids.TryAdd(tokens[id], id))
                throw new ReplicationException(
                    $"{path}, line {id + 1}: the token '{tokens[id]}' is on line {ids[tokens[id]] + 1} already; each must be there "
                    + $"once.");
        return tokens;
    }

    /// <summary>The ids of the special tokens.</summary>
    /// <exception cref="ReplicationException">One is not in the vocabulary.</exception>
    public static SpecialTokens Specials(string path, string[] tokens, IReadOnlyList<string> texts)
    {
        var ids = texts.Select(text => Array.IndexOf(tokens, text) is var id and >= 0 ? id
            : throw new ReplicationException($"{path} has no {text}; the vocabulary of a BERT model was expected, one token a line."))
                .ToArray();
        return new SpecialTokens(ids[0], ids[1], ids[2], ids[3], ids[4]);
    }

    // Only \n ends a line: some tokens are themselves line separators in Unicode's eyes.
    private static string[] Lines(string path)
    {
        using var reader = TextLineReader.Open(path, "Cannot read the vocabulary");
        var lines = reader.Rest().ToList();
        while (lines is [.., ""])
            lines.RemoveAt(lines.Count - 1);
        return [.. lines];
    }
}
