using System.Text.Json;

namespace Replication.Bert;

/// <summary>A JSON file of settings in a model's folder, key by key. Every mistake is named by file and key.</summary>
internal sealed class ConfigFile
{
    private const int LongestShown = 100;

    private readonly JsonElement _root;

    private ConfigFile(string path, JsonElement root) => (Path, _root) = (path, root);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Opens a folder's file.</summary>
    /// <exception cref="ReplicationException">It is missing, or holds no JSON object.</exception>
    public static ConfigFile Open(string folder, string name = "config.json")
    {
        var path = System.IO.Path.Combine(folder, name);
        return new ConfigFile(path, JsonFile.ReadObject(path));
    }

    /// <summary>Opens a folder's file; null where it has none of that name.</summary>
    /// <exception cref="ReplicationException">It holds no JSON object.</exception>
    public static ConfigFile? OpenIfThere(string folder, string name) =>
        File.Exists(System.IO.Path.Combine(folder, name)) ? Open(folder, name) : null;

    /// <summary>The object at a key as settings of their own; null where it is missing or null.</summary>
    /// <exception cref="ReplicationException">It is something else.</exception>
    public ConfigFile? Part(string key) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Object
            ? new ConfigFile($"{Path}, {key}", value)
            : throw Bad(key, value.GetRawText(), "an object");

    /// <summary>The value of a key; null where it is missing or null.</summary>
    public JsonElement? Find(string key) =>
        _root.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>All keys with their values.</summary>
    public IEnumerable<JsonProperty> All => _root.EnumerateObject();

    /// <summary>A text.</summary>
    /// <exception cref="ReplicationException">It is something else; the message names file and key.</exception>
    public string Text(string key, string absent)
    {
        if (Find(key) is not { } value)
            return absent;
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Bad(key, value.GetRawText(), "a text");
    }

    /// <summary>True or false; a missing one is false.</summary>
    /// <inheritdoc cref="Text" path="/exception"/>
    public bool Flag(string key)
    {
        if (Find(key) is not { ValueKind: not JsonValueKind.False } value)
            return false;
        return value.ValueKind == JsonValueKind.True ? true : throw Bad(key, value.GetRawText(), "true or false");
    }

    /// <summary>True or false; null where it is missing or null.</summary>
    /// <inheritdoc cref="Text" path="/exception"/>
    public bool? Choice(string key) => Find(key) is null ? null : Flag(key);

    /// <summary>A whole number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    /// <inheritdoc cref="Text" path="/exception"/>
    public int Whole(string key, int most, int? absent = null, int least = 1)
    {
        if (Find(key) is not { } value)
            return absent ?? throw new ReplicationException($"{Path} lacks the key {key}; a BERT model has it.");
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var whole) || whole < least || whole > most)
            throw Bad(key, value.GetRawText(), $"a whole number from {least} to {most}");
        return whole;
    }

    /// <summary>A number from 0 to below <paramref name="most"/>.</summary>
    /// <inheritdoc cref="Text" path="/exception"/>
    public double Number(string key, double absent, double most) => Number(key, most) ?? absent;

    /// <inheritdoc cref="Number(string, double, double)"/>
    public double? Number(string key, double most)
    {
        if (Find(key) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || !(number >= 0 && number < most))
            throw Bad(key, value.GetRawText(), $"a number from 0 to below {most}");
        return number;
    }

    /// <summary>What is said of a key whose value cannot be used.</summary>
    public ReplicationException Bad(string key, string value, string wanted) =>
        new($"{Path}: {key} is {(value.Length <= LongestShown ? value : value[..LongestShown] + "...")}; it must be {wanted}.");
}
