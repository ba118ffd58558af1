namespace Replication.Bert;

/// <summary>The few Python names that a state dict needs, and what each builds. Everything else is refused by name.</summary>
internal static class PickleGlobals
{
    private static readonly PickleGlobal OrderedDictionary = new("collections", "OrderedDict");
    private static readonly PickleGlobal RebuildTensor = new("torch._utils", "_rebuild_tensor_v2");
    private static readonly PickleGlobal RebuildParameter = new("torch._utils", "_rebuild_parameter");

    /// <summary>The global of a name.</summary>
    /// <exception cref="PickleException">State dicts have no use for it.</exception>
    public static PickleGlobal Named(string module, string name)
    {
        var global = new PickleGlobal(module, name);
        var known = global == OrderedDictionary || global == RebuildTensor || global == RebuildParameter || StorageType(global) is not null;
        return known
            ? global
            : throw new PickleException($"it refers to {global}, for which weights have no use, and nothing of it was run");
    }

    /// <summary>What calling a global with arguments gives.</summary>
    public static object Call(object? global, object? arguments) => (global, arguments) switch
    {
        (PickleGlobal g, object?[] and []) when g == OrderedDictionary => new PickleDictionary(),
        (PickleGlobal g, object?[] and [PickleStorage storage, long offset, object?[] shape, object?[] strides, bool, ..])
            when g == RebuildTensor => Tensor(storage, offset, shape, strides),
        (PickleGlobal g, object?[] and [PickleTensor tensor, bool, ..]) when g == RebuildParameter => tensor,
        (PickleGlobal g, _) => throw new PickleException($"it calls {g} with arguments that do not fit"),
        _ => throw new PickleException("it calls something that is not a function"),
    };

    /// <summary>
    /// The storage that a persistent id stands for: ("storage", type, key, device, elements) and, in old files, a view of none.
    /// </summary>
    public static PickleStorage Storage(object? id)
    {
        if (id is object?[] and ["storage", PickleGlobal global, string key, string, long elements, .. var view]
            && StorageType(global) is { } type && elements >= 0 && view is [] or [null])
            return new PickleStorage(type, key, elements);
        throw new PickleException("it refers to a storage in a way that is not known");
    }

    private static TorchSharp.torch.ScalarType? StorageType(PickleGlobal global) =>
        global.Module == "torch" ? StoredTypes.FromStorage(global.Name) : null;

    private static PickleTensor Tensor(PickleStorage storage, long offset, object?[] shape, object?[] strides)
    {
        if (shape.Any(d => d is not long) || strides.Any(s => s is not long))
            throw new PickleException("it gives a tensor a shape that is not made of numbers");
        var tensor = new PickleTensor(storage, offset, shape.Cast<long>().ToArray(), strides.Cast<long>().ToArray());
        return tensor.FitsStorage()
            ? tensor
            : throw new PickleException(
                $"it gives a tensor the shape [{string.Join(", ", shape)}], which storage {storage.Key} of {storage.Elements} elements "
                + $"cannot fill");
    }
}
