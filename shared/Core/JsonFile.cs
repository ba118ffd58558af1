using System.Text.Json;

namespace Replication;

/// <summary>JSON files that others wrote, read without reflection.</summary>
internal static class JsonFile
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The object in a file.</summary>
    /// <exception cref="ReplicationException">The file is missing, is not JSON, or holds something else; the message names the
    /// place.</exception>
    public static JsonElement ReadObject(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            using var document = JsonDocument.Parse(stream, Strict);
            var root = document.RootElement.Clone();
            CheckTexts(path, root, "");
            return root.ValueKind == JsonValueKind.Object
                ? root
                : throw new ReplicationException($"{path} holds no JSON object; get the file again.");
        }
        catch (JsonException e)
        {
            throw NotJson(path, e);
        }
        catch (InvalidOperationException e)
        {
            throw HalfCharacter(path, "a name in it", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReplicationException($"Cannot read {path}: {e.Message}", inner: e);
        }
    }

    // A lone surrogate may be written in JSON, but no text can hold it; found here, it is found once.
    private static void CheckTexts(string path, JsonElement element, string place)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                    CheckTexts(path, property.Value, place.Length == 0 ? property.Name : $"{place}.{property.Name}");
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    CheckTexts(path, item, place);
                break;
            case JsonValueKind.String:
                try
                {
                    element.GetString();
                }
                catch (InvalidOperationException e)
                {
                    throw HalfCharacter(path, place, e);
                }
                break;
        }
    }

    private static ReplicationException HalfCharacter(string path, string place, Exception e) =>
        new($"{path}: {place} holds half a character (a surrogate that stands alone), which is not valid text; correct it, or get the "
            + $"file again.",
            inner: e);

    /// <summary>What is said of a file that is not the JSON that was expected.</summary>
    /// <exception cref="ReplicationException">It is a page or a pointer in place of the file.</exception>
    public static ReplicationException NotJson(string path, JsonException e)
    {
        MistakenFile.Refuse(path);
        return new($"{path}, line {(e.LineNumber ?? 0) + 1}: not the JSON that was expected ({e.Message.Split(" Path:")[0].TrimEnd('.')}).",
            inner: e);
    }
}
