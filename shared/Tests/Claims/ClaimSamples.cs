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

    public static IReadOnlyList<PairedDifference> Pairs(params double[] values) =>
        [.. values.Select((v, i) => new PairedDifference(i % 2 == 0 ? "SST-2" : "MRPC", i, v))];

    public static TeacherSignal Signal(string task) => TeacherSignal.OfAccuracy(task, 0.91, 0.51, 872);
}
