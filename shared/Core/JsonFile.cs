using System.Text.Json;

namespace Replication;

/// <summary>JSON files that others wrote, read without reflection.</summary>
internal static class JsonFile
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The object in a file.</summary>
    /// <exception cref="ReplicationException">The file is missing, is not JSON, or holds something else; the message names the place.</exception>
    public static JsonElement ReadObject(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            using var document = JsonDocument.Parse(stream, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new ReplicationException($"{path} holds no JSON object; get the file again.");
        }
        catch (JsonException e)
        {
            throw NotJson(path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReplicationException($"Cannot read {path}: {e.Message}", inner: e);
        }
    }

    /// <summary>What is said of a file that is not the JSON that was expected.</summary>
    public static ReplicationException NotJson(string path, JsonException e) => new(
        $"{path}, line {(e.LineNumber ?? 0) + 1}: not the JSON that was expected ({e.Message.Split(" Path:")[0].TrimEnd('.')}).", inner: e);
}
