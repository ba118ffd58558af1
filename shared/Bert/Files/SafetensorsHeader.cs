using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Replication.Bert;

/// <summary>A tensor in a safetensors file: what it is and at which byte of the file it begins.</summary>
internal sealed record SafetensorsEntry(string Name, StoredTensor Tensor, long Offset, long Bytes);

/// <summary>
/// Reads and checks the header of a safetensors file: 8 bytes with the header's length, then JSON that gives number format,
/// shape and place of each tensor. Nothing is allocated on the word of a file before that word is checked.
/// </summary>
internal static class SafetensorsHeader
{
    private const int LengthBytes = 8;

    // BERT-large's takes 50 KB; a header is parsed in memory, so that a hostile one must not be large.
    private const long MaxHeaderBytes = 1 << 24;

    public static IReadOnlyList<SafetensorsEntry> Read(SafeFileHandle file, string path)
    {
        var fileLength = RandomAccess.GetLength(file);
        var prefix = new byte[LengthBytes];
        if (RandomAccess.Read(file, prefix, 0) < LengthBytes)
            throw Damaged(path, "it is shorter than a header");
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > MaxHeaderBytes || (long)headerLength > fileLength - LengthBytes)
            throw Damaged(
                path, MistakenFile.Text(prefix) is {
                } text ? $"it begins with the text {text}" : $"it announces a header of {headerLength} bytes but has {fileLength} bytes");

        var header = new byte[(int)headerLength];
        if (RandomAccess.Read(file, header, LengthBytes) < header.Length)
            throw Damaged(path, "it ends in the header");
        var dataStart = LengthBytes + (long)headerLength;
        var entries = Parse(header, dataStart, path);
        CheckPlaces(entries, dataStart, fileLength, path);
        return entries;
    }

    private static List<SafetensorsEntry> Parse(byte[] header, long dataStart, string path)
    {
        try
        {
            using var json = JsonDocument.Parse(header, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return json.RootElement.EnumerateObject()
                .Where(property => property.Name != "__metadata__")
                .Select(property => ParseEntry(property.Name, property.Value, dataStart, path))
                .ToList();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Damaged(path, "its header is not the JSON of a safetensors file");
        }
    }

    private static SafetensorsEntry ParseEntry(string name, JsonElement value, long dataStart, string path)
    {
        var typeName = value.GetProperty("dtype").GetString()!;
        var type = StoredTypes.FromSafetensors(typeName)
            ?? throw new ReplicationException(
                $"{path}: tensor {name} has the number format {typeName}; readable are {string.Join(", ", StoredTypes.SafetensorsNames)}.");
        var shape = value.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()).ToArray();
        var places = value.GetProperty("data_offsets").EnumerateArray().Select(d => d.GetInt64()).ToArray();
        if (places is not [>= 0, >= 0] || places[1] < places[0])
            throw Damaged(path, $"tensor {name} is at bytes {string.Join(" to ", places)}");
        var bytes = places[1] - places[0];
        if (TensorBytes.Count(shape, type) != bytes)
            throw Damaged(
                path, $"tensor {name} of shape [{string.Join(", ", shape)}] in {typeName} does not take the {bytes} bytes given for it");
        return new SafetensorsEntry(name, new StoredTensor(type, shape), dataStart + places[0], bytes);
    }

    // As the format asks: one tensor after the other, without gaps, to the end of the file.
    private static void CheckPlaces(List<SafetensorsEntry> entries, long dataStart, long fileLength, string path)
    {
        var next = dataStart;
        foreach (var entry in entries.OrderBy(e => e.Offset).ThenBy(e => e.Bytes))
        {
            if (entry.Offset != next)
                throw Damaged(path, $"tensor {entry.Name} begins at byte {entry.Offset}, where {next} was expected");
            if (entry.Bytes > fileLength - entry.Offset)
                throw Damaged(path, $"tensor {entry.Name} ends at byte {entry.Offset + entry.Bytes} of {fileLength}");
            next += entry.Bytes;
        }
        if (next != fileLength)
            throw Damaged(path, $"its tensors end at byte {next} of {fileLength}");
    }

    private static ReplicationException Damaged(string path, string what) =>
        new($"{path} is damaged or not a safetensors file: {what}; get the file again.");
}
