using System.Text.Json;
using static TorchSharp.torch;

namespace Replication.Runs;

/// <summary>Named tensors in one file.</summary>
internal static class TensorFile
{
    public static void Write(Stream stream, IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        writer.Write(tensors.Count);
        foreach (var (name, tensor) in tensors)
        {
            using var scope = NewDisposeScope();
            var cpu = tensor.detach().cpu().contiguous();
            writer.Write(name);
            writer.Write((int)cpu.dtype);
            writer.Write(cpu.shape.Length);
            foreach (var d in cpu.shape)
                writer.Write(d);
            writer.Write(cpu.bytes);
        }
    }

    public static IReadOnlyDictionary<string, Tensor> Read(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        var result = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        for (var n = reader.ReadInt32(); n > 0; n--)
        {
            var name = reader.ReadString();
            var type = (ScalarType)reader.ReadInt32();
            var shape = new long[reader.ReadInt32()];
            for (var i = 0; i < shape.Length; i++)
                shape[i] = reader.ReadInt64();
            var tensor = empty(shape, type);
            reader.BaseStream.ReadExactly(tensor.bytes);
            result[name] = tensor;
        }
        return result;
    }
}
