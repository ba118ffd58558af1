using Replication.Claims;
using Replication.Glue;

namespace Replication.PatientKD;

/// <summary>How far a measured number may lie from the published one, with the reasons; fixed before anything was measured.</summary>
internal static class Tolerances
{
    /// <summary>A counted number: half of the last digit that is printed.</summary>
    public static Tolerance Rounding(string printed)
    {
        var decimals = printed.Contains('.', StringComparison.Ordinal) ? printed.Length - printed.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        return new Tolerance(0.5 * Math.Pow(10, -decimals), false, $"The number is printed with {decimals} decimals.");
    }

    /// <summary>A layer map: exact.</summary>
    public static Tolerance Exact { get; } = new(0, false, "A layer map is the same or it is not.");

    /// <summary>A ratio of inference times.</summary>
    public static Tolerance Hardware { get; } = new(
        0.25, true, "Other hardware and another number format than the paper's Titan RTX in FP16: what embeddings, pooler and memory cost beside the layers differs.");

    /// <summary>An accuracy in % against the authors' on the same dev set: two standard errors of that many rows, at least half a point.</summary>
    public static Tolerance Dev(GlueTask task, double percent) => OfRows(percent, GlueCatalog.Entry(task, GlueSplit.Dev).Rows, "dev");

    /// <summary>A score in % against the paper's on GLUE's test server.</summary>
    public static Tolerance Test(GlueTask task, bool isMismatched, double percent) =>
        OfRows(percent, GlueCatalog.Entry(task, isMismatched ? GlueSplit.TestMismatched : GlueSplit.Test).Rows, "test");

    /// <summary>An accuracy in % on RACE's 4,934 test questions.</summary>
    public static Tolerance Race(double percent) => OfRows(percent, 4934, "test");

    /// <summary>
    /// A mean of three seeds against that of a PyTorch run: twice the pooled seed spread, on SST-2 at most 1.5 points.
    /// </summary>
    public static Tolerance Reference(string task, double theirSpread, double ourSpread)
    {
        var pooled = 2 * Math.Sqrt(((theirSpread * theirSpread) + (ourSpread * ourSpread)) / 2);
        return task == "SST-2"
            ? new Tolerance(Math.Min(1.5, pooled), false, "Twice the pooled standard deviation over seeds, at most 1.5 points.")
            : new Tolerance(pooled, false, "Twice the pooled standard deviation over seeds.");
    }

    private static Tolerance OfRows(double percent, int rows, string split)
    {
        var standardError = Math.Sqrt(percent * (100 - percent) / rows);
        return new Tolerance(
            Math.Max(0.5, 2 * standardError), false, FormattableString.Invariant($"Two standard errors of {rows} {split} rows, at least 0.5 for seeds and libraries."));
    }
}
