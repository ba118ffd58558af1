using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>Writes safetensors files with the bytes that the reference library writes: wider number formats first, then by name.</summary>
public static class SafetensorsWriter
{
    private const int HeaderAlignment = 8;

    private static readonly JsonWriterOptions HeaderOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes tensors from any device; a reader never sees half a file.</summary>
    /// <exception cref="ReplicationException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<(string Name, Tensor Value)> tensors)
    {
        var ordered = tensors
            .OrderByDescending(t => StoredTypes.Size(t.Value.dtype))
            .ThenBy(t => t.Name, StringComparer.Ordinal)
            .ToList();
        AtomicFile.Write(path, stream =>
        {
            stream.Write(Header(ordered));
            foreach (var (_, value) in ordered)
                WriteBytes(stream, value);
        });
    }

    private static byte[] Header(IReadOnlyList<(string Name, Tensor Value)> tensors)
    {
        using var header = new MemoryStream();
        header.Write(stackalloc byte[sizeof(ulong)]);
        using (var json = new Utf8JsonWriter(header, HeaderOptions))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");
            json.WriteEndObject();
            var offset = 0L;
            foreach (var (name, value) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", StoredTypes.ToSafetensors(value.dtype));
                WriteArray(json, "shape", value.shape);
                WriteArray(json, "data_offsets", [offset, offset += value.numel() * StoredTypes.Size(value.dtype)]);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (header.Length % HeaderAlignment != 0)
            header.WriteByte((byte)' ');
        var bytes = header.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)(bytes.Length - sizeof(ulong)));
        return bytes;
    }

    private static void WriteArray(Utf8JsonWriter json, string name, ReadOnlySpan<long> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static void WriteBytes(Stream stream, Tensor value)
    {
        using var scope = NewDisposeScope();
        stream.Write(value.detach().cpu().contiguous().bytes);
    }
}
