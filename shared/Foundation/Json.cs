using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Replication;

/// <summary>
/// How the suite writes and reads JSON: camelCase, names of enum members; unknown, repeated and missing keys and nulls where a type has
/// none are refused.
/// </summary>
public static class Json
{
    /// <summary>For files that people read.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    /// <summary>For digests and line files.</summary>
    public static JsonSerializerOptions Compact { get; } = Create(indented: false);

    /// <summary>Indented text with a final newline.</summary>
    public static string Text<T>(T value) => JsonSerializer.Serialize(value, Indented) + "\n";

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, as messages name it.</param>
    /// <param name="open">How its content is opened; null for a plain file.</param>
    /// <exception cref="ReplicationException">The file is missing or is not the JSON that was expected; the message names the
    /// place.</exception>
    public static T Read<T>(string path, Func<string, Stream>? open = null)
    {
        try
        {
            using var stream = open is null ? File.OpenRead(path) : open(path);
            return NullElements.Refuse(JsonSerializer.Deserialize<T>(stream, Indented)
                ?? throw new ReplicationException($"{path} holds null where {typeof(T).Name} was expected."));
        }
        catch (JsonException e)
        {
            throw JsonFile.NotJson(path, e);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new ReplicationException($"Cannot read {path}: {e.Message}", inner: e);
        }
    }

    /// <summary>A value as a JSON tree.</summary>
    public static JsonNode Node<T>(T value) => JsonSerializer.SerializeToNode(value, Compact)!;

    /// <summary>A value from a JSON tree.</summary>
    /// <exception cref="JsonException">It is not the JSON that was expected.</exception>
    public static T FromNode<T>(JsonNode node) =>
        NullElements.Refuse(node.Deserialize<T>(Compact) ?? throw new JsonException("null where a value was expected"));

    private static JsonSerializerOptions Create(bool indented) => new()
    {
        WriteIndented = indented,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        IndentSize = 2,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DictionaryKeyPolicy = null,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };
}
