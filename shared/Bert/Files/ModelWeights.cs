using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>The weights in a model folder under the names that Hugging Face gives BERT's today, whatever the file's age, container and kind of encoder.</summary>
internal sealed class ModelWeights : IDisposable
{
    /// <summary>What the names of an encoder's tensors begin with.</summary>
    public const string Prefix = "bert.";

    private static readonly string[] EncoderParts = ["embeddings.", "encoder.", "pooler."];

    private readonly ITensorFile _file;
    private readonly Dictionary<string, string> _storedNames = new(StringComparer.Ordinal);
    private readonly EncoderKind _kind;

    private ModelWeights(ITensorFile file, EncoderKind kind)
    {
        (_file, _kind) = (file, kind);
        foreach (var stored in file.Tensors.Keys)
        {
            if (!_storedNames.TryAdd(TodaysName(stored), stored))
                throw new ReplicationException($"{file.Path} holds the tensor {TodaysName(stored)} twice, as {_storedNames[TodaysName(stored)]} and as {stored}.");
        }
    }

    /// <summary>Opens model.safetensors, else pytorch_model.bin.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="kind">Whose names messages give to tensors.</param>
    public static ModelWeights Open(string folder, EncoderKind kind = EncoderKind.Bert)
    {
        var file = OpenFile(folder);
        try
        {
            return new ModelWeights(file, kind);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether a tensor is there.</summary>
    public bool Contains(string name) => _storedNames.ContainsKey(name);

    /// <summary>The shape of a tensor, or null where there is none.</summary>
    public IReadOnlyList<long>? Shape(string name) => _storedNames.TryGetValue(name, out var stored) ? _file.Tensors[stored].Shape : null;

    /// <summary>Checks that each parameter has a tensor of its shape.</summary>
    /// <exception cref="ReplicationException">Tensors are missing or of another shape; the first is named.</exception>
    public void Check(IEnumerable<(string Name, Parameter Value)> parameters)
    {
        foreach (var (name, value) in parameters)
        {
            var shape = Shape(name)
                ?? throw new ReplicationException($"{_file.Path} holds no tensor {TensorNames.InFile(_kind, name)}, which a model of the geometry in its config.json has.");
            if (!shape.SequenceEqual(value.shape))
                throw new ReplicationException($"{_file.Path}: tensor {TensorNames.InFile(_kind, name)} has the shape [{string.Join(", ", shape)}] where config.json asks for [{string.Join(", ", value.shape)}].");
        }
    }

    /// <summary>Copies each parameter's tensor into it, converted to its number format.</summary>
    public void Load(IEnumerable<(string Name, Parameter Value)> parameters)
    {
        using var noGradient = no_grad();
        foreach (var (name, value) in parameters)
        {
            using var stored = _file.Read(_storedNames[name]);
            value.copy_(stored);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static ITensorFile OpenFile(string folder)
    {
        var safetensors = Path.Combine(folder, "model.safetensors");
        var pickle = Path.Combine(folder, "pytorch_model.bin");
        if (File.Exists(safetensors))
            return SafetensorsFile.Open(safetensors);
        return File.Exists(pickle)
            ? PickleFile.Open(pickle)
            : throw new ReplicationException($"{folder} holds neither model.safetensors nor pytorch_model.bin; name the folder of a model.");
    }

    // TensorFlow's gamma and beta are LayerNorm's weight and bias; a bare encoder lacks the prefix.
    private static string TodaysName(string stored)
    {
        var name = TensorNames.Here(Replace(Replace(stored, ".gamma", ".weight"), ".beta", ".bias"));
        return EncoderParts.Any(part => name.StartsWith(part, StringComparison.Ordinal)) ? Prefix + name : name;

        static string Replace(string name, string old, string today) =>
            name.EndsWith(old, StringComparison.Ordinal) ? name[..^old.Length] + today : name;
    }
}
