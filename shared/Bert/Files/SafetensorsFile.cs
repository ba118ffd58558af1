using Microsoft.Win32.SafeHandles;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>A safetensors file, open for reading.</summary>
public sealed class SafetensorsFile : ITensorFile
{
    private readonly SafeFileHandle _file;
    private readonly Dictionary<string, SafetensorsEntry> _entries;

    private SafetensorsFile(string path, SafeFileHandle file, IReadOnlyList<SafetensorsEntry> entries)
    {
        Path = path;
        _file = file;
        _entries = entries.ToDictionary(e => e.Name, StringComparer.Ordinal);
        Tensors = entries.ToDictionary(e => e.Name, e => e.Tensor, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="ReplicationException">The file is missing, damaged, or lies about lengths, shapes, places or number
    /// formats.</exception>
    public static SafetensorsFile Open(string path)
    {
        MistakenFile.Refuse(path);
        var file = TensorBytes.Open(path);
        try
        {
            return new SafetensorsFile(path, file, SafetensorsHeader.Read(file, path));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Tensor Read(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
            throw new ReplicationException($"{Path} holds no tensor {name}.");
        return TensorBytes.Read(_file, Path, entry.Offset, entry.Tensor.Shape, entry.Tensor.Type);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
