using System.Collections.Concurrent;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>Weights in a number format, each converted once: for many passes, also side by side, during which no weight changes.</summary>
internal sealed class ProductWeights(Precision precision) : IDisposable
{
    // By the native tensor, since two tensors are compared by their values.
    private readonly ConcurrentDictionary<IntPtr, Lazy<Tensor>> _converted = [];

    /// <summary>The number format.</summary>
    public Precision Precision => precision;

    /// <summary>A weight in the format: this object's tensor, or the weight itself.</summary>
    public Tensor Of(Parameter weight) =>
        precision == Precision.Fp32 ? weight : _converted.GetOrAdd(weight.Handle, _ => new(() => Convert(weight))).Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var weight in _converted.Values)
            weight.Value.Dispose();
        _converted.Clear();
    }

    private static Tensor Convert(Parameter weight)
    {
        using var whole = weight.detach();
        return whole.to(ScalarType.BFloat16).DetachFromDisposeScope();
    }
}
