using Replication.Claims;
using Replication.Glue;

namespace Replication.DistilBERT;

/// <summary>How far a measured number may lie from the published one, with the reasons; fixed before anything was measured.</summary>
internal static class Tolerances
{
    /// <summary>Parameters in millions: half of the last digit for 66; 110 is the round number of BERT's own paper, taken to a million.</summary>
    public static Tolerance Millions(double published) => published % 10 == 0
        ? new Tolerance(1, false, "110 is the round number that BERT's own paper gives; it is taken to a million either way.")
        : new Tolerance(0.5, false, "The number is printed without decimals.");

    /// <summary>A number of layers, heads or units.</summary>
    public static Tolerance Exact { get; } = new(0, false, "A number of layers or units is the same or it is not.");

    /// <summary>The reduction in size, in points.</summary>
    public static Tolerance Reduction { get; } = new(0.75, false, "The paper's 40 % is a ratio of two rounded counts, 110 and 66 million: half a million on either moves it by up to 0.75.");

    /// <summary>A ratio of inference times.</summary>
    public static Tolerance Hardware { get; } = new(
        0.25, true, "Another processor, library and number of threads than the paper's: what embeddings and memory cost beside the layers differs.");

    /// <summary>A score in % against the paper's on the same dev set: two standard errors, at least half a point.</summary>
    public static Tolerance Dev(GlueTask task, double percent)
    {
        var rows = GlueCatalog.Entry(task, GlueSplit.Dev).Rows;
        var share = percent / 100;
        var standardError = 100 * (task.MainMetric == GlueMetric.Accuracy ? Math.Sqrt(share * (1 - share) / rows) : (1 - (share * share)) / Math.Sqrt(rows - 1.0));
        return new Tolerance(
            Math.Max(0.5, 2 * standardError), false, FormattableString.Invariant($"Two standard errors of {rows} dev rows, at least 0.5 for seeds and libraries."));
    }

    /// <summary>The mean of the nine scores.</summary>
    public static Tolerance Macro { get; } = new(1.5, false, "A mean of nine scores, among them those of WNLI's 71 and RTE's 277 dev rows, whose standard errors are 5.9 and 2.9 points.");

    /// <summary>A share of SQuAD's or IMDb's questions.</summary>
    public static Tolerance Rows(double percent, int rows) =>
        new(Math.Max(0.5, 2 * Math.Sqrt(percent * (100 - percent) / rows)), false, FormattableString.Invariant($"Two standard errors of {rows} rows, at least 0.5."));
}
