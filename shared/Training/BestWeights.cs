using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.Training;

/// <summary>Copies of some parameters as they were at the best evaluation so far.</summary>
internal sealed class BestWeights(IReadOnlyList<(string Name, Parameter Value)> parameters) : IDisposable
{
    private const string Prefix = "best.";

    private readonly Dictionary<string, Tensor> _copies = new(StringComparer.Ordinal);

    /// <summary>The copies by their names in a checkpoint; none before the first <see cref="Keep"/>.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Tensors => _copies.Select(copy => KeyValuePair.Create(Prefix + copy.Key, copy.Value));

    /// <summary>Copies the parameters as they are.</summary>
    public void Keep() => Set(name => null);

    /// <summary>Takes the copies from a checkpoint.</summary>
    public void Load(IReadOnlyDictionary<string, Tensor> checkpoint) => Set(name => checkpoint[Prefix + name]);

    /// <summary>Gives the parameters the values that were kept.</summary>
    public void Restore()
    {
        using var noGrad = no_grad();
        foreach (var (name, value) in parameters)
            value.copy_(_copies[name]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var copy in _copies.Values)
            copy.Dispose();
    }

    private void Set(Func<string, Tensor?> stored)
    {
        using var noGrad = no_grad();
        foreach (var (name, value) in parameters)
        {
            if (!_copies.TryGetValue(name, out var copy))
                _copies[name] = copy = empty_like(value).DetachFromDisposeScope();
            copy.copy_(stored(name) ?? value);
        }
    }
}
