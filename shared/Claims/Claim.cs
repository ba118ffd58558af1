namespace Replication.Claims;

/// <summary>What sort of statement a claim is.</summary>
public enum ClaimKind
{
    /// <summary>Parameters, FLOPs, layer maps: exact, needs no training.</summary>
    Size,

    /// <summary>A ratio of two models timed side by side on this machine at the paper's geometry.</summary>
    Speed,

    /// <summary>A score, comparable only with the paper's teacher and data.</summary>
    Score,

    /// <summary>One thing beats another, or a component helps; testable with any teacher.</summary>
    Order,

    /// <summary>The score of another run of the same recipe, teacher and data: too high is as much a disagreement as too low.</summary>
    Agreement,
}

/// <summary>What became of a claim.</summary>
public enum Verdict
{
    /// <summary>Within tolerance of the published number.</summary>
    Reproduced,

    /// <summary>Better than the published number by more than the tolerance.</summary>
    Above,

    /// <summary>Worse than the published number by more than the tolerance.</summary>
    Below,

    /// <summary>The order holds with another teacher.</summary>
    AgreesAtSmallScale,

    /// <summary>The opposite order holds with another teacher.</summary>
    DisagreesAtSmallScale,

    /// <summary>The difference lies within plus or minus the smallest effect of interest.</summary>
    NoDifferenceThatMatters,

    /// <summary>The interval does not settle it.</summary>
    Inconclusive,

    /// <summary>Measured under conditions that do not allow the comparison.</summary>
    NotComparable,

    /// <summary>Not measured; the reason says what it needs.</summary>
    NotRun,
}

/// <summary>How far a measured number may lie from the published one; written down before the measurement.</summary>
/// <param name="Value">In the claim's unit, or a share of the published number if <paramref name="Relative"/>.</param>
/// <param name="Relative">Whether <paramref name="Value"/> is a share; of a speed ratio, a share of the gain: "60 % faster" is a gain of
/// 0.6.</param>
/// <param name="Reason">Dev-set size, seed spread, rounding, hardware.</param>
public sealed record Tolerance(double Value, bool Relative, string Reason);

/// <summary>A measured number with all that a reader needs to compare it.</summary>
/// <param name="Value">In the claim's unit.</param>
/// <param name="Spread">Standard deviation over seeds, or over tasks and seeds; of a speed, the median absolute deviation over timings;
/// null where there is one value.</param>
/// <param name="Replicates">The replicates; empty where there are none.</param>
/// <param name="Signature">One line: task, split, metric, student, teacher, profile, seeds, device, runs.</param>
public sealed record Measurement(double Value, double? Spread, IReadOnlyList<int> Replicates, string Signature);

/// <summary>One published statement.</summary>
public sealed record Claim
{
    /// <summary>Stable id, such as "pkd.table4.bert6.speedup".</summary>
    public required string Id { get; init; }

    /// <summary>The paper's name.</summary>
    public required string Paper { get; init; }

    /// <summary>Such as "Table 4".</summary>
    public required string Table { get; init; }

    /// <summary>Its kind.</summary>
    public required ClaimKind Kind { get; init; }

    /// <summary>The statement in one sentence.</summary>
    public required string Statement { get; init; }

    /// <summary>The published number; null for an order without one.</summary>
    public double? Published { get; init; }

    /// <summary>How well the published number is sourced; a number from memory is never compared with.</summary>
    public Confidence Confidence { get; init; } = Confidence.Sourced2;

    /// <summary>Unit, such as "%", "M", "x", "points".</summary>
    public required string Unit { get; init; }

    /// <summary>Null for orders, which are settled by their interval.</summary>
    public Tolerance? Tolerance { get; init; }

    /// <summary>Why a "below" or "disagrees" is a finding and not a fault; null where it would be a fault.</summary>
    public string? Finding { get; init; }
}

/// <summary>A claim with its verdict.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Measured">What was measured; null where nothing was.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Reason">Why, in one sentence.</param>
public sealed record ClaimOutcome(Claim Claim, Measurement? Measured, Verdict Verdict, string Reason);
