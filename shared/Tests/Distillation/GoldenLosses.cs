using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Replication.Tests;

/// <summary>Inputs and values of each loss, as PyTorch computed them (losses.safetensors, losses.json).</summary>
public static class GoldenLosses
{
    /// <summary>The published value of a loss.</summary>
    public static double Value(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(GoldenFiles.Require("losses.json")));
        return document.RootElement.GetProperty(name).GetDouble();
    }

    /// <summary>An input of the losses.</summary>
    public static Tensor Input(string name)
    {
        var bytes = File.ReadAllBytes(GoldenFiles.Require("losses.safetensors"));
        var header = (int)BitConverter.ToUInt64(bytes);
        using var document = JsonDocument.Parse(bytes.AsMemory(8, header));
        var entry = document.RootElement.GetProperty(name);
        long[] shape = [.. entry.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64())];
        int[] offsets = [.. entry.GetProperty("data_offsets").EnumerateArray().Select(o => o.GetInt32() + 8 + header)];
        var tensor = empty(shape, entry.GetProperty("dtype").GetString() == "I64" ? ScalarType.Int64 : ScalarType.Float32);
        tensor.bytes = bytes.AsSpan(offsets[0]..offsets[1]);
        return tensor;
    }
}
