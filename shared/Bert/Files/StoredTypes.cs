using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>The number formats that model files may hold, with their names in safetensors and in PyTorch's pickles.</summary>
internal static class StoredTypes
{
    private static readonly (string Safetensors, string Storage, ScalarType Type, int Size)[] All =
    [
        ("F64", "DoubleStorage", ScalarType.Float64, 8),
        ("F32", "FloatStorage", ScalarType.Float32, 4),
        ("F16", "HalfStorage", ScalarType.Float16, 2),
        ("BF16", "BFloat16Storage", ScalarType.BFloat16, 2),
        ("I64", "LongStorage", ScalarType.Int64, 8),
        ("I32", "IntStorage", ScalarType.Int32, 4),
        ("I16", "ShortStorage", ScalarType.Int16, 2),
        ("I8", "CharStorage", ScalarType.Int8, 1),
        ("U8", "ByteStorage", ScalarType.Byte, 1),
        ("BOOL", "BoolStorage", ScalarType.Bool, 1),
    ];

    /// <summary>The names in safetensors.</summary>
    public static IEnumerable<string> SafetensorsNames => All.Select(t => t.Safetensors);

    public static ScalarType? FromSafetensors(string name) => Find(t => t.Safetensors == name)?.Type;

    public static ScalarType? FromStorage(string name) => Find(t => t.Storage == name)?.Type;

    public static string ToSafetensors(ScalarType type) =>
        Find(t => t.Type == type)?.Safetensors ?? throw new NotSupportedException($"Tensors of {type} are not written.");

    /// <summary>Bytes per element.</summary>
    public static int Size(ScalarType type) => Find(t => t.Type == type)!.Value.Size;

    private static (string Safetensors, string Storage, ScalarType Type, int Size)? Find(
        Func<(string Safetensors, string Storage, ScalarType Type, int Size), bool> condition)
    {
        foreach (var candidate in All)
        {
            if (condition(candidate))
                return candidate;
        }
        return null;
    }
}
