using System.Text.Json;

namespace Replication.Bert.Tokenization;

/// <summary>Checks that tokenizer.json puts the special tokens where BERT has them.</summary>
internal static class PostProcessor
{
    private const string Key = "post_processor";

    /// <summary>Refuses what is not [CLS] A [SEP], and [CLS] A [SEP] B [SEP] with B and its end of type 1.</summary>
    /// <param name="whole">tokenizer.json.</param>
    /// <param name="specials">How the special tokens are written, in the order of <see cref="SpecialTokens"/>.</param>
    /// <exception cref="ReplicationException">It says something else.</exception>
    public static void Check(ConfigFile whole, IReadOnlyList<string> specials)
    {
        if (whole.Part(Key) is not { } part)
            return;
        var (classification, separator) = (specials[2], specials[3]);
        var fits = part.Text("type", "") switch
        {
            "BertProcessing" => First(part, "cls") == classification && First(part, "sep") == separator,
            "TemplateProcessing" => Template(part, "single") == $"{classification} A {separator}"
                && Template(part, "pair") == $"{classification} A {separator} B:1 {separator}:1",
            _ => false,
        };
        if (!fits)
            throw whole.Bad(
                Key, part.Text("type", "of no type"),
                $"one that makes {classification} A {separator} and {classification} A {separator} B {separator}");
    }

    private static string? First(ConfigFile part, string key) =>
        part.Find(key) is { ValueKind: JsonValueKind.Array } pair && pair.GetArrayLength() > 0 && pair[0].ValueKind == JsonValueKind.String
            ? pair[0].GetString()
            : null;

    private static string Template(ConfigFile part, string key) =>
        part.Find(key) is { ValueKind: JsonValueKind.Array } items ? string.Join(' ', items.EnumerateArray().Select(Item)) : "";

    // {"SpecialToken": {"id": "[CLS]", "type_id": 0}} or {"Sequence": {"id": "A", "type_id": 0}}.
    private static string Item(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object
            || item.EnumerateObject().FirstOrDefault().Value is not { ValueKind: JsonValueKind.Object } inner
            || !inner.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.String)
            return "?";
        return inner.TryGetProperty("type_id", out var type) && type.ValueKind == JsonValueKind.Number && type.GetRawText() != "0"
            ? $"{id.GetString()}:{type.GetRawText()}"
            : id.GetString()!;
    }
}
