using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>A Python name that a pickle refers to. It stays a name: nothing is imported or run.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}

/// <summary>A Python dict or OrderedDict, in the order of insertion.</summary>
internal sealed class PickleDictionary
{
    public List<(object? Key, object? Value)> Items { get; } = [];

    public object? this[string key] => Items.FindLast(item => item.Key is string text && text == key).Value;
}

/// <summary>A run of numbers that lies elsewhere in the file.</summary>
internal sealed record PickleStorage(ScalarType Type, string Key, long Elements);

/// <summary>A view of a storage; offset and strides count elements.</summary>
internal sealed record PickleTensor(PickleStorage Storage, long Offset, long[] Shape, long[] Strides)
{
    /// <summary>Whether every element lies in the storage, and none is needed twice to fill the shape.</summary>
    public bool FitsStorage()
    {
        if (TensorBytes.Count(Shape, Storage.Type) is not { } bytes || Offset < 0 || Strides.Length != Shape.Length
            || Strides.Any(s => s < 0))
            return false;
        if (bytes == 0)
            return true;
        Int128 last = Offset;
        for (var d = 0; d < Shape.Length; d++)
            last += (Int128)(Shape[d] - 1) * Strides[d];
        return last < Storage.Elements && bytes / StoredTypes.Size(Storage.Type) <= Storage.Elements;
    }
}
