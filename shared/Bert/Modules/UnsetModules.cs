using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>
/// Library modules whose weights are allocated but not drawn: a model's weights come from a file or from
/// <see cref="NewWeights"/>, and libtorch's own initialisation would only cost seconds and random numbers.
/// </summary>
internal static class UnsetModules
{
    public static Linear Linear(long inputs, long outputs, Device device) =>
        nn.Linear(Parameter(device, outputs, inputs), Parameter(device, outputs));

    // The variant that takes a ready table keeps a copy of it where named_parameters does not reach it.
    public static Embedding Embedding(long rows, long width, Device device, long? padding = null) =>
        nn.Embedding(rows, width, padding, device: device);

    public static LayerNorm LayerNorm(long width, double epsilon, Device device) => nn.LayerNorm(width, epsilon, device: device);

    public static Parameter Parameter(Device device, params long[] shape) => new(empty(shape, device: device));
}
