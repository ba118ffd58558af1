using System.Globalization;
using System.Xml.Linq;
using Replication.Claims;
using static Replication.Reporting.Overviews.Drawing;

namespace Replication.Reporting.Overviews;

/// <summary>All order claims on one axis: the published difference, and what was measured with its 95 % interval over replicates.</summary>
internal static class ForestPlot
{
    // The axis goes by the root of the points, so that 0.3 and 30 both have room.
    private const double Farthest = 70;

    private static readonly double[] Ticks = [-50, -20, -5, -1, 0, 1, 5, 20, 50];

    /// <summary>The orders of one report that were measured; null where there are none.</summary>
    public static XElement? Of(string profile, IReadOnlyList<ClaimOutcome> claims)
    {
        var measured = claims.Where(IsMeasured).ToList();
        return measured.Count == 0 ? null : Of([(JudgedPaper.HeadingOf(measured[0].Claim.Paper, profile), measured)]);
    }

    /// <summary>Whether a claim is one of them.</summary>
    public static bool IsMeasured(ClaimOutcome outcome) => outcome is { Claim.Kind: ClaimKind.Order, Measured: not null };

    /// <summary>The picture.</summary>
    /// <param name="papers">Each paper's heading and orders.</param>
    public static XElement Of(IEnumerable<(string Heading, IReadOnlyList<ClaimOutcome> Orders)> papers)
    {
        var shapes = new List<XElement>();
        var y = Top;
        foreach (var (number, paper) in papers.Index())
        {
            shapes.Add(Text(12, y, paper.Heading, isBold: true));
            y += RowHeight;
            foreach (var outcome in paper.Orders)
            {
                shapes.AddRange(Row(y, outcome, FigureStyle.ColorOf(number)));
                y += RowHeight;
            }
            y += RowHeight / 2;
        }
        return Svg(y + 8, Description, [.. Axis(y), .. shapes]);
    }

    /// <summary>What it shows, in words.</summary>
    public const string Description =
        "Orders: points by which the side that a paper has ahead is ahead, measured (dot: mean, bar: 95 % interval over "
            + "replicates or seeds; "
        + "hollow where nothing is settled) and published (diamond). The axis goes by the square root.";

    private static IEnumerable<XElement> Axis(double bottom)
    {
        yield return Text(
            12, 16, "Does the order hold? Dot and bar: measured mean and 95 % interval; hollow: not settled; diamond: published.");
        foreach (var tick in Ticks)
        {
            yield return Line(X(tick), Top - 14, X(tick), bottom, tick == 0 ? FigureStyle.Ink : FigureStyle.Grid);
            yield return Text(X(tick), Top - 24, tick.ToString("+0;−0;0", CultureInfo.InvariantCulture), "middle");
        }
        yield return Text(Left + Plot + 12, Top - 24, "points ahead [95 % interval], verdict");
    }

    private static IEnumerable<XElement> Row(double y, ClaimOutcome outcome, string colour)
    {
        yield return Label(y, outcome.Claim.Statement);
        if (outcome.Claim.Published is { } published)
            yield return Diamond(X(published), y);
        if (outcome.Measured is { } measured)
        {
            var (low, high) = OverviewText.Interval(measured);
            if (double.IsFinite(low))
                yield return Line(X(low), y, X(high), y, colour, 2.5);
            yield return Dot(X(measured.Value), y, colour, outcome.Verdict != Verdict.Inconclusive);
        }
        yield return Text(
            Left + Plot + 12, y,
            $"{OverviewText.Difference(outcome)}{(outcome.Measured is null ? "" : ", ")}{VerdictWords.Of(outcome.Verdict)}");
    }

    private static double X(double points)
    {
        var share = Math.Sign(points) * Math.Sqrt(Math.Min(Math.Abs(points), Farthest) / Farthest);
        return Left + (Plot * (1 + share) / 2);
    }
}
