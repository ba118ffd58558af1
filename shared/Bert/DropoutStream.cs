using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>
/// Dropout whose masks are a pure function of seed, step and the number of the call within the step: nothing of it needs
/// to be in a checkpoint, and it avoids libtorch's serial generator on the CPU.
/// </summary>
/// <param name="seed">The run's seed.</param>
public sealed class DropoutStream(long seed)
{
    private long _step;
    private long _call;

    /// <summary>The seed.</summary>
    public long Seed => seed;

    /// <summary>Says which step the next masks belong to.</summary>
    public void BeginStep(long step) => (_step, _call) = (step, 0);

    /// <summary>
    /// Zeroes each element with the given probability (to 1/65536) and scales the rest by 1 / (1 - p), rounded to the input's type.
    /// Gives the input itself back where the probability is 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The probability is negative, or not below 1.</exception>
    public Tensor Apply(Tensor input, double probability)
    {
        if (probability is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A dropout probability lies from 0 to below 1.");
        if (probability == 0)
            return input;
        var key = RandomStream.Derive(seed, "dropout", _step, _call++);
        if (input.device_type != TorchSharp.DeviceType.CPU)
        {
            manual_seed(unchecked((long)key));
            return nn.functional.dropout(input, probability);
        }
        using var mask = empty(input.shape, input.dtype);
        DropoutMask.Fill(mask, key, probability);
        return input * mask;
    }
}
