using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>
/// Dropout whose masks are a pure function of seed, step and the number of the call within the step: nothing of it needs
/// to be in a checkpoint, and it avoids libtorch's serial generator on the CPU.
/// </summary>
/// <param name="seed">The run's seed.</param>
public sealed class DropoutStream(long seed)
{
    /// <summary>The seed.</summary>
    public long Seed => seed;

    /// <summary>Says which step the next masks belong to.</summary>
    public void BeginStep(long step) => throw new NotImplementedException();

    /// <summary>Zeroes each element with the given probability and scales the rest by 1 / (1 - p).</summary>
    public Tensor Apply(Tensor input, double probability) => throw new NotImplementedException();
}
