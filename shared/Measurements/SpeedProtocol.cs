using Replication.Bert;
using Replication.Runs;

namespace Replication.Measurements;

/// <summary>A model whose speed is measured; its weights are random, since they do not matter.</summary>
/// <param name="Name">Such as "6 layers".</param>
/// <param name="Config">The geometry.</param>
public sealed record SpeedSubject(string Name, BertConfig Config);

/// <summary>How forward passes are timed.</summary>
public sealed record SpeedProtocol
{
    /// <summary>Sequences per pass.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Tokens a sequence, none of them padding.</summary>
    public int Length { get; init; } = 128;

    /// <summary>Passes of each model before the clock counts.</summary>
    public int WarmupPasses { get; init; } = 1;

    /// <summary>Timed rounds; a round is one pass of each model.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Number format of the matrix products.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>The floating-point operations of all passes of some geometries, for the plan.</summary>
    /// <param name="subjects">The geometries.</param>
    public RunWork Work(IEnumerable<BertConfig> subjects) =>
        RunWork.Inference(Precision, subjects.Sum(config => (double)ModelSize.Flops(config, Length)) * BatchSize * (Rounds + WarmupPasses));

    /// <summary>Checks every value.</summary>
    /// <exception cref="ReplicationException">A value is out of its range; the message names it and the range.</exception>
    public SpeedProtocol Validate()
    {
        Check(BatchSize is >= 1 and <= 4096, "batch size", BatchSize, "from 1 to 4096");
        Check(Length is >= 1 and <= 512, "length", Length, "from 1 to 512");
        Check(WarmupPasses is >= 0 and <= 100, "warm-up passes", WarmupPasses, "from 0 to 100");
        Check(Rounds is >= 1 and <= 1000, "rounds", Rounds, "from 1 to 1000");
        return this;
    }

    private static void Check(bool holds, string name, int value, string range)
    {
        if (!holds)
            throw new ReplicationException(
                FormattableString.Invariant($"Speed measurement: {name} is {value}; it must be {range}."), ReplicationException.UsageError);
    }
}
