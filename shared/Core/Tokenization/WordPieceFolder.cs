using System.Text.Json;

namespace Replication.Bert.Tokenization;

/// <summary>Reads a BERT model's tokenizer from its folder: vocab.txt or tokenizer.json, and the settings beside them.</summary>
internal static class WordPieceFolder
{
    private const string VocabularyName = "vocab.txt";

    /// <summary>Opens it.</summary>
    /// <exception cref="ReplicationException">A file is missing or damaged, two contradict each other, or one asks for what this suite does
    /// not do.</exception>
    public static WordPiece Open(string folder)
    {
        var files = TokenizerFiles.Open(folder);
        var path = Path.Combine(folder, VocabularyName);
        if (files.Whole is null && !File.Exists(path))
            throw new ReplicationException(
                $"{folder} holds neither {VocabularyName} nor {TokenizerFiles.Names[1]}; put the one that belongs to its weights there.");
        var settings = WordPieceSettingsReader.Read(files);
        if (files.Whole is null)
            return Build(path, Vocabulary.Read(path), settings, files);
        var tokens = OfWhole(files.Whole);
        if (File.Exists(path))
            CheckAgree(path, Vocabulary.Read(path), files, tokens);
        return Build(files.Whole.Path, tokens, settings, files);
    }

    /// <summary>Whether a folder's tokenizer is that of the uncased models, with vocab.txt.</summary>
    public static bool IsUncased(string folder)
    {
        var files = TokenizerFiles.Open(folder);
        var path = Path.Combine(folder, VocabularyName);
        if (!File.Exists(path))
            return false;
        var settings = WordPieceSettingsReader.Read(files);
        return (settings with { Added = AddedBeside(settings, files, Ids(Vocabulary.Read(path))) }).IsPlain;
    }

    private static WordPiece Build(string path, string[] tokens, WordPieceSettings settings, TokenizerFiles files)
    {
        var added = AddedBeside(settings, files, Ids(tokens));
        if (added.Count > 0 && added.Max(token => token.Id) is var last && last >= tokens.Length)
            Array.Resize(ref tokens, last + 1);
        foreach (var token in added)
            if (tokens[token.Id] is { Length: > 0 } other && other != token.Text)
                throw new ReplicationException(
                    $"{path}: the id {token.Id} is that of '{other}' and of the added token '{token.Text}'; take files that belong "
                    + $"together.");
            else
                tokens[token.Id] = token.Text;
        return new WordPiece(
            [.. tokens.Select(token => token ?? "")], settings with { Added = added },
            Vocabulary.Specials(path, tokens, settings.Specials));
    }

    // The five special tokens are found in any case.
    private static IReadOnlyList<AddedToken> AddedBeside(
        WordPieceSettings settings, TokenizerFiles files, Dictionary<string, int> vocabulary) =>
        [.. files.Added(vocabulary).Where(token => !settings.Specials.Contains(token.Text, StringComparer.Ordinal) || !token.IsPiece)];

    private static Dictionary<string, int> Ids(string[] tokens)
    {
        var ids = new Dictionary<string, int>(tokens.Length, StringComparer.Ordinal);
        foreach (var (id, token) in tokens.Index())
            if (token is { Length: > 0 })
                ids[token] = id;
        return ids;
    }

    private static string[] OfWhole(ConfigFile whole)
    {
        const int Most = 1 << 24;
        var vocabulary = whole.Part("model")?.Part("vocab")
            ?? throw new ReplicationException($"{whole.Path} has no model with a vocab; a BERT model's was expected.");
        var tokens = new List<string?>();
        foreach (var entry in vocabulary.All)
        {
            if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out var id) || id is < 0 or >= Most)
                throw vocabulary.Bad($"the id of '{entry.Name}'", entry.Value.GetRawText(), "a whole number from 0");
            while (tokens.Count <= id)
                tokens.Add(null);
            tokens[id] = tokens[id] is null
                ? entry.Name
                : throw vocabulary.Bad($"the id of '{entry.Name}'", $"{id}, which is that of '{tokens[id]}' too", "its own");
        }
        return [.. tokens.Select(token => token ?? "")];
    }

    private static void CheckAgree(string path, string[] lines, TokenizerFiles files, string[] tokens)
    {
        var ids = Ids(tokens);
        foreach (var token in files.Added(ids))
            ids.TryAdd(token.Text, token.Id);
        foreach (var (id, token) in lines.Index())
            if (token.Length > 0 && (!ids.TryGetValue(token, out var other) || other != id))
                throw new ReplicationException(
                    $"{path}, line {id + 1}: '{token}' has another id in {Path.GetFileName(files.Whole!.Path)}, or none; take files "
                    + $"that belong together.");
    }
}
