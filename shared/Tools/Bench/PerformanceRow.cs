using System.Text.Json.Serialization;

namespace Replication.Bench;

/// <summary>A part of what a step spends its time on.</summary>
/// <param name="Name">Such as "AdamW".</param>
/// <param name="Share">Its share of the step, by time.</param>
internal sealed record StepPart(string Name, double Share);

/// <summary>A row of the table: some work, what it reaches, and what it is to reach.</summary>
internal sealed record PerformanceRow
{
    /// <summary>Its name for --only.</summary>
    public required string Id { get; init; }

    /// <summary>The work, for people.</summary>
    public required string Work { get; init; }

    /// <summary>What <see cref="Value"/> and the target are in.</summary>
    public required string Unit { get; init; }

    /// <summary>The value to reach where more is better; null where less is.</summary>
    public double? AtLeast { get; init; }

    /// <summary>The value to reach where less is better.</summary>
    public double? AtMost { get; init; }

    /// <summary>What was measured; null where nothing was.</summary>
    public MedianInterval? Value { get; init; }

    /// <summary>Why nothing was measured; null where something was.</summary>
    public string? NotMeasured { get; init; }

    /// <summary>What exactly was measured, and how.</summary>
    public string? Setting { get; init; }

    /// <summary>FLOP/s of the yardstick in the same minutes; null where the row has none.</summary>
    public double? Yardstick { get; init; }

    /// <summary>Share of the cores' time that other processes took meanwhile; null where the system does not tell.</summary>
    public double? OtherWork { get; init; }

    /// <summary>Where the time goes, if the target is not reached.</summary>
    public IReadOnlyList<StepPart> Profile { get; init; } = [];

    /// <summary>What was tried to reach it, and what it gave; null for nothing.</summary>
    public string? Tried { get; init; }

    /// <summary>Whether the median reaches the target; null where nothing was measured.</summary>
    [JsonIgnore]
    public bool? IsReached => Value is null ? null : Value.Median >= (AtLeast ?? Value.Median) && Value.Median <= (AtMost ?? Value.Median);
}
