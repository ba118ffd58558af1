using System.Text.Json;
using static TorchSharp.torch;

namespace Replication.Tests.Training;

/// <summary>The tensors of golden/optimizer.safetensors.</summary>
internal static class OptimizerGolden
{
    public static IReadOnlyDictionary<string, Tensor> Read()
    {
        var bytes = File.ReadAllBytes(GoldenFiles.Require("optimizer.safetensors"));
        var header = (int)BitConverter.ToInt64(bytes);
        using var json = JsonDocument.Parse(bytes.AsMemory(8, header));
        return json.RootElement.EnumerateObject().ToDictionary(
            entry => entry.Name,
            entry =>
            {
                var shape = entry.Value.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()).ToArray();
                var offsets = entry.Value.GetProperty("data_offsets").EnumerateArray().Select(o => o.GetInt32()).ToArray();
                var result = empty(shape);
                bytes.AsSpan(8 + header + offsets[0], offsets[1] - offsets[0]).CopyTo(result.bytes);
                return result;
            },
            StringComparer.Ordinal);
    }
}
