namespace Replication.Bert.Tokenization;

/// <summary>Reads and checks vocab.txt.</summary>
internal static class Vocabulary
{
    /// <summary>The tokens in the order of their ids, and the ids of the special ones.</summary>
    public static (string[] Tokens, SpecialTokens Specials) Read(string path)
    {
        var tokens = Lines(path);
        var ids = new Dictionary<string, int>(tokens.Length, StringComparer.Ordinal);
        for (var id = 0; id < tokens.Length; id++)
            if (!ids.TryAdd(tokens[id], id))
                throw new ReplicationException($"{path}, line {id + 1}: the token '{tokens[id]}' stands on line {ids[tokens[id]] + 1} already; each must be there once.");

        var specials = SpecialTokens.Texts.Select(text => ids.TryGetValue(text, out var id)
            ? id
            : throw new ReplicationException($"{path} has no {text}; the vocabulary of an uncased BERT model was expected, one token a line.")).ToArray();
        return (tokens, new SpecialTokens(specials[0], specials[1], specials[2], specials[3], specials[4]));
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
