using System.Globalization;
using MathNet.Numerics.Statistics;
using Replication.Claims;

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

    /// <summary>A ratio of inference times: a quarter of what the paper gains.</summary>
    /// <param name="theirs">What the paper timed on, such as "K80".</param>
    public static Tolerance Hardware(string theirs) => new(
        ClaimRule.WidestSpeedTolerance, true,
        $"A quarter of the gain, for other hardware and another number format than the paper's {theirs}: what embeddings, pooler and "
        + $"memory cost beside the layers differs.");

    /// <summary>
    /// A score in % against a published one. Both score the same rows, so that rows are no source of their difference and replicates are:
    /// twice the standard deviation of our mean less one more run, at least half a point for libraries; a point where the spread is not
    /// known.
    /// </summary>
    /// <param name="measured">The mean with its spread over replicates; null where nothing is measured.</param>
    public static Tolerance OfReplicates(Measurement? measured) => measured is { Spread: { } spread, Replicates.Count: > 1 and var count }
        ? new Tolerance(Math.Max(0.5, 2 * spread * Math.Sqrt(1 + (1.0 / count))), false, FormattableString.Invariant(
            $"Twice the standard deviation over replicates, of a mean of {count} less one published run; at least 0.5, for libraries."))
        : new Tolerance(1, false, "One point: the spread over replicates is not known.");

    /// <summary>
    /// The margin of a claim that a share of the teacher's score is kept, in points of that share: the standard error over tasks of the
    /// shares that the paper prints, at least one point. A number in a sentence is rounded from such a table, which must pass its own test.
    /// </summary>
    /// <param name="shares">The published share of each task in %.</param>
    public static double Retention(IReadOnlyCollection<double> shares) => Math.Max(1, shares.StandardDeviation() / Math.Sqrt(shares.Count));
}
