using System.Globalization;
using System.Text.Json;

namespace Replication.Bert.Tokenization;

/// <summary>The files in which Hugging Face's libraries describe a folder's tokenizer; each may be missing.</summary>
/// <param name="Settings">tokenizer_config.json.</param>
/// <param name="Whole">tokenizer.json, which holds the vocabulary too.</param>
/// <param name="SpecialNames">special_tokens_map.json.</param>
/// <param name="AddedIds">added_tokens.json, an object from token to id.</param>
internal sealed record TokenizerFiles(ConfigFile? Settings, ConfigFile? Whole, ConfigFile? SpecialNames, ConfigFile? AddedIds)
{
    /// <summary>The files' names.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["tokenizer_config.json", "tokenizer.json", "special_tokens_map.json", "added_tokens.json"];

    private static readonly string[] SpecialKeys = ["pad_token", "unk_token", "cls_token", "sep_token", "mask_token"];

    /// <summary>Opens what a folder has of them.</summary>
    /// <exception cref="ReplicationException">One is not a JSON object.</exception>
    public static TokenizerFiles Open(string folder) => new(
        ConfigFile.OpenIfThere(folder, Names[0]), ConfigFile.OpenIfThere(folder, Names[1]), ConfigFile.OpenIfThere(folder, Names[2]),
        ConfigFile.OpenIfThere(folder, Names[3]));

    /// <summary>How the special tokens are written, in the order of <see cref="SpecialTokens"/>.</summary>
    /// <param name="usual">How they are where the files do not say.</param>
    public IReadOnlyList<string> Specials(IReadOnlyList<string> usual) =>
        [.. SpecialKeys.Select((key, i) => Content(Settings, key) ?? Content(SpecialNames, key) ?? usual[i])];

    /// <summary>All tokens that were added to the vocabulary, special ones among them.</summary>
    /// <param name="vocabulary">Ids of the vocabulary's tokens.</param>
    /// <exception cref="ReplicationException">One has no id, or two; the message names it.</exception>
    public IReadOnlyList<AddedToken> Added(IReadOnlyDictionary<string, int> vocabulary)
    {
        var added = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        foreach (var token in OfWhole().Concat(OfSettings()).Concat(OfIds()).Concat(Named(vocabulary, added)))
        {
            if (added.TryGetValue(token.Text, out var known)
                ? known.Id != token.Id
                : vocabulary.TryGetValue(token.Text, out var id) && id != token.Id)
                throw new ReplicationException(
                    $"{(Whole ?? Settings ?? AddedIds)!.Path}: the added token '{token.Text}' has the id {token.Id} and another; take "
                    + $"files that belong together.");
            added.TryAdd(token.Text, token with { IsPiece = vocabulary.ContainsKey(token.Text) });
        }
        return [.. added.Values];
    }

    private IEnumerable<AddedToken> OfWhole()
    {
        if (Whole?.Find("added_tokens") is not { ValueKind: JsonValueKind.Array } tokens)
            yield break;
        foreach (var token in tokens.EnumerateArray())
            yield return Token(
                Whole, token, token.ValueKind == JsonValueKind.Object && token.TryGetProperty("id", out var id) ? Number(id) : -1);
    }

    private IEnumerable<AddedToken> OfSettings()
    {
        foreach (var entry in Settings?.Part("added_tokens_decoder")?.All ?? [])
            yield return Token(
                Settings!, entry.Value, int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : -1);
    }

    private IEnumerable<AddedToken> OfIds()
    {
        foreach (var entry in AddedIds?.All ?? [])
            yield return new AddedToken(entry.Name, Checked(AddedIds!, entry.Name, Number(entry.Value)), IsNormalized: true);
    }

    // Special tokens by their text alone: their ids are the vocabulary's.
    private IEnumerable<AddedToken> Named(IReadOnlyDictionary<string, int> vocabulary, IReadOnlyDictionary<string, AddedToken> added)
    {
        foreach (var (file, key) in new[] {
            (Settings, "additional_special_tokens"), (Settings, "extra_special_tokens"), (SpecialNames, "additional_special_tokens") })
        {
            var names = file?.Find(key) switch
            {
                { ValueKind: JsonValueKind.Array } list => list.EnumerateArray().ToList(),
                { ValueKind: JsonValueKind.Object } map => map.EnumerateObject().Select(entry => entry.Value).ToList(),
                _ => [],
            };
            foreach (var name in names.Select(ContentOf))
            {
                if (name is not null && !added.ContainsKey(name))
                    yield return new AddedToken(
                        name, vocabulary.TryGetValue(name, out var id) ? id : throw new ReplicationException(
                        $"{file!.Path}: {key} names '{name}', which has no id in the vocabulary."));
            }
        }
    }

    // A token may be written as text or as an object with its text.
    private static string? Content(ConfigFile? file, string key) =>
        file?.Find(key) is { } value ? ContentOf(value) ?? throw file.Bad(key, value.GetRawText(), "a token") : null;

    private static string? ContentOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Object when value.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String =>
            content.GetString(),
        _ => null,
    };

    private static AddedToken Token(ConfigFile file, JsonElement token, int id)
    {
        var text = ContentOf(token) ?? throw file.Bad("an added token", token.GetRawText(), "an object with content");
        var isSpecial = Is(token, "special", absent: false);
        return new AddedToken(
            text, Checked(file, text, id), Is(token, "normalized", absent: !isSpecial), Is(token, "single_word", absent: false));
    }

    private static bool Is(JsonElement token, string key, bool absent) =>
        token.ValueKind == JsonValueKind.Object && token.TryGetProperty(key, out var value)
            ? value.ValueKind == JsonValueKind.True
            : absent;

    private static int Number(JsonElement id) => id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out var number) ? number : -1;

    private static int Checked(ConfigFile file, string token, int id)
    {
        const int Most = 1 << 24;
        return id is >= 0 and < Most ? id : throw file.Bad(
            $"the id of the added token '{token}'", id < 0 ? "missing or no whole number" : $"{id}", "a whole number from 0");
    }
}
