using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Replication.DynaBERT.Tests;

/// <summary>
/// A second reader of safetensors, which shares nothing with the suite's own: eight bytes of length, a JSON header, byte ranges.
/// It takes the format's description literally, and float32 alone.
/// </summary>
internal static class PlainSafetensors
{
    /// <summary>Shape and values of each tensor.</summary>
    public static Dictionary<string, (long[] Shape, float[] Values)> Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var header = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var data = bytes.AsSpan(8 + header);
        var tensors = new Dictionary<string, (long[], float[])>(StringComparer.Ordinal);
        var used = 0L;
        using var document = JsonDocument.Parse(bytes.AsMemory(8, header));
        foreach (var entry in document.RootElement.EnumerateObject().Where(e => e.Name != "__metadata__"))
        {
            Assert.That(entry.Value.GetProperty("dtype").GetString(), Is.EqualTo("F32"), entry.Name);
            long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(n => n.GetInt64())];
            long[] range = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(n => n.GetInt64())];
            var values = MemoryMarshal.Cast<byte, float>(data[(int)range[0]..(int)range[1]]).ToArray();
            Assert.That(values.LongLength, Is.EqualTo(shape.Aggregate(1L, (a, b) => a * b)), entry.Name);
            tensors.Add(entry.Name, (shape, values));
            used += range[1] - range[0];
        }
        Assert.That(used, Is.EqualTo(data.Length), "no byte lies outside a tensor, and none in two");
        return tensors;
    }
}
