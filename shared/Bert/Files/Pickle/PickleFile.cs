using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>
/// A pytorch_model.bin, open for reading: a pickled state dict with the numbers beside it, in PyTorch's zip or older layout. No code in it
/// is run.
/// </summary>
public sealed class PickleFile : ITensorFile
{
    private readonly IPickleContainer _container;
    private readonly Dictionary<string, PickleTensor> _tensors = new(StringComparer.Ordinal);

    private PickleFile(string path, IPickleContainer container)
    {
        Path = path;
        _container = container;
        if (container.Root is not PickleDictionary root)
            throw new PickleException("it holds no state dict");
        foreach (var (key, value) in root.Items)
        {
            if (key is not string name || value is not PickleTensor tensor)
                throw new PickleException($"it holds {key ?? "None"}, which is not the name of a tensor");
            if (container.Bytes(tensor.Storage.Key) != (Int128)tensor.Storage.Elements * StoredTypes.Size(tensor.Storage.Type))
                throw new PickleException(
                    $"tensor {name} has {tensor.Storage.Elements} elements of {tensor.Storage.Type}, which its bytes in the file do "
                    + $"not match");
            _tensors[name] = tensor;
        }
        Tensors = _tensors.ToDictionary(t => t.Key, t => new StoredTensor(t.Value.Storage.Type, t.Value.Shape), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>Opens a file and checks what it says about its tensors.</summary>
    /// <exception cref="ReplicationException">The file is missing or damaged, or its pickle asks for anything but tensors; the message says
    /// for what.</exception>
    public static PickleFile Open(string path)
    {
        MistakenFile.Refuse(path);
        IPickleContainer? container = null;
        try
        {
            container = ZipPickle.IsZip(path) ? new ZipPickle(path) : new LegacyPickle(path);
            return new PickleFile(path, container);
        }
        catch (Exception e)
        {
            container?.Dispose();
            throw e switch
            {
                PickleException or InvalidDataException =>
                    new ReplicationException(
                        $"{path} is refused: {e.Message.TrimEnd('.')}; use a file from a source that you trust.", inner: e),
                IOException or UnauthorizedAccessException => new ReplicationException($"Cannot read {path}: {e.Message}", inner: e),
                _ => e,
            };
        }
    }

    /// <inheritdoc/>
    public Tensor Read(string name)
    {
        if (!_tensors.TryGetValue(name, out var tensor))
            throw new ReplicationException($"{Path} holds no tensor {name}.");
        using var scope = NewDisposeScope();
        var storage = empty(tensor.Storage.Elements, tensor.Storage.Type);
        try
        {
            _container.Read(tensor.Storage.Key, storage.bytes);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new ReplicationException($"Cannot read tensor {name} from {Path}: {e.Message}", inner: e);
        }
        return storage.as_strided(tensor.Shape, tensor.Strides, tensor.Offset).contiguous().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _container.Dispose();
}
