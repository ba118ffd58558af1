using Replication.Claims;

namespace Replication.Tests.Claims;

/// <summary>Claims and measurements to judge.</summary>
internal static class ClaimSamples
{
    public static Claim Of(ClaimKind kind, double? published = null, Tolerance? tolerance = null) => new()
    {
        Id = "pkd.sample",
        Paper = "PKD",
        Table = "Table 4",
        Kind = kind,
        Statement = "A statement, with a comma and \"quotes\"",
        Published = published,
        Unit = kind == ClaimKind.Speed ? "x" : "points",
        Tolerance = tolerance,
    };

    public static Tolerance Within(double value, bool relative = false) => new(value, relative, "rounding of the printed number");

    public static Measurement Measured(double value) => new(value, 0.4, [1, 2, 3], "SST-2/dev acc | seeds 1-3");

    /// <summary>An order judged from a difference a replicate.</summary>
    public static ClaimOutcome OrderOf(Claim claim, params double[] values) =>
        OrderFamily.Judge([Evidence(claim, values)], LookPlan.Once(6))[0];

    /// <summary>The same before it is judged; one point would matter.</summary>
    public static OrderEvidence Evidence(Claim claim, params double[] values) => new()
    {
        Claim = claim, SmallestEffect = 1, Tasks = ["SST-2"], Signature = "SST-2/dev acc | seeds 1-6",
        Differences = [.. values.Select((v, i) => new PairedDifference("SST-2", i + 1, v))],
    };
}
