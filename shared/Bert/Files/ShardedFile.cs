using System.Text.Json;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>Weights in several files, with an index that names the file of each tensor.</summary>
internal sealed class ShardedFile : ITensorFile
{
    private readonly Dictionary<string, ITensorFile> _files;

    private ShardedFile(string path, Dictionary<string, ITensorFile> files)
    {
        (Path, _files) = (path, files);
        Tensors = files.ToDictionary(file => file.Key, file => file.Value.Tensors[file.Key], StringComparer.Ordinal);
    }

    /// <summary>The index.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>Opens an index and its files.</summary>
    /// <param name="path">The index, such as model.safetensors.index.json.</param>
    /// <param name="open">Opens one of the files.</param>
    /// <exception cref="ReplicationException">The index is damaged, or a file is missing, damaged, or lacks a tensor that the index says is
    /// in it.</exception>
    public static ShardedFile Open(string path, Func<string, ITensorFile> open)
    {
        var opened = new Dictionary<string, ITensorFile>(StringComparer.Ordinal);
        try
        {
            var files = new Dictionary<string, ITensorFile>(StringComparer.Ordinal);
            foreach (var (tensor, name) in Map(path))
            {
                if (!opened.TryGetValue(name, out var file))
                    opened[name] = file = open(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, name));
                files[tensor] = file.Tensors.ContainsKey(tensor) ? file : throw new ReplicationException(
                    $"{path} says that {name} holds the tensor {tensor}, which it does not; get the folder again.");
            }
            return new ShardedFile(path, files);
        }
        catch
        {
            foreach (var file in opened.Values)
                file.Dispose();
            throw;
        }
    }

    /// <summary>The files that an index names.</summary>
    /// <inheritdoc cref="Open" path="/exception"/>
    public static IReadOnlyList<string> Files(string path) =>
        [.. Map(path).Select(entry => entry.File).Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal).Select(name => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, name))];

    /// <inheritdoc/>
    public Tensor Read(string name) =>
        _files.TryGetValue(name, out var file) ? file.Read(name) : throw new ReplicationException($"{Path} names no tensor {name}.");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files.Values.Distinct())
            file.Dispose();
    }

    private static IEnumerable<(string Tensor, string File)> Map(string path)
    {
        if (!JsonFile.ReadObject(path).TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
            throw new ReplicationException($"{path} has no weight_map, an object from tensor to file; get it again.");
        foreach (var entry in map.EnumerateObject())
        {
            var name = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : "";
            if (name.Length == 0 || System.IO.Path.GetFileName(name) != name || name is "." or "..")
                throw new ReplicationException(
                    $"{path}: {entry.Name} is said to be in {entry.Value.GetRawText()}; the name of a file beside the index was expected.");
            yield return (entry.Name, name);
        }
    }
}
