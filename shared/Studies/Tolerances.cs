using System.Globalization;
using Replication.Claims;
using Replication.Glue;

namespace Replication.Studies;

/// <summary>How far a measured number may lie from the published one, with the reasons; fixed before anything was measured.</summary>
public static class Tolerances
{
    /// <summary>A layer map or a count: exact.</summary>
    public static Tolerance Exact { get; } = new(0, false, "It is the same or it is not.");

    /// <summary>A counted number: half of the last digit that is printed.</summary>
    public static Tolerance Rounding(string printed)
    {
        var decimals = printed.Contains('.', StringComparison.Ordinal)
            ? printed.Length - printed.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        return new Tolerance(0.5 * Math.Pow(10, -decimals), false, $"The number is printed with {decimals} decimals.");
    }

    /// <summary>FLOPs: rounding, and what is not a matrix product.</summary>
    public static Tolerance Flops(string printed)
    {
        var rounding = Rounding(printed);
        return rounding with
        {
            Value = rounding.Value + (0.01 * double.Parse(printed, CultureInfo.InvariantCulture)),
            Reason = rounding.Reason + " One percent more for element-wise operations, which are not counted here.",
        };
    }

    /// <summary>A ratio of inference times.</summary>
    /// <param name="theirs">What the paper timed on, such as "K80".</param>
    public static Tolerance Hardware(string theirs) => new(
        ClaimRule.WidestSpeedTolerance, true,
        $"Other hardware and another number format than the paper's {theirs}: what embeddings, pooler and memory cost beside the "
            + "layers differs.");

    /// <summary>A score where the paper says nothing of its spread: a point, for seeds and libraries.</summary>
    public static Tolerance Score(ScoreColumn? column, double percent) =>
        new(1, false, "One point, for seeds, libraries and the server's rounding.");

    /// <summary>A score in % against the paper's on the same rows: two standard errors, at least half a point.</summary>
    /// <param name="column">Task, split and metric.</param>
    /// <param name="percent">The published score.</param>
    /// <param name="isTest">Whether it is of GLUE's test set.</param>
    public static Tolerance OfRows(ScoreColumn column, double percent, bool isTest = false)
    {
        var isMismatched = column.Split == "dev-mm";
        var split = (isTest, isMismatched) switch
        {
            (true, false) => GlueSplit.Test,
            (true, true) => GlueSplit.TestMismatched,
            (false, false) => GlueSplit.Dev,
            _ => GlueSplit.DevMismatched,
        };
        return OfRows(percent, GlueCatalog.Entry(column.Task, split).Rows, isTest ? "test" : "dev");
    }

    /// <summary>A share in % of some rows: two binomial standard errors, at least half a point.</summary>
    public static Tolerance OfRows(double percent, int rows, string split) => new(
        Math.Max(0.5, 2 * Math.Sqrt(percent * (100 - percent) / rows)), false,
        FormattableString.Invariant($"Two standard errors of {rows} {split} rows, at least 0.5 for seeds and libraries."));
}
