using System.Globalization;
using System.Xml.Linq;
using Replication.Claims;
using static Replication.Reporting.Overviews.Drawing;

namespace Replication.Reporting.Overviews;

/// <summary>
/// Sizes and speeds of all papers: by how many percent the measured number is off the published one, with the tolerance as a band.
/// </summary>
internal static class DeviationPlot
{
    private const double Farthest = 35;

    private static readonly double[] Ticks = [-30, -20, -10, 0, 10, 20, 30];

    /// <summary>What it shows, in words.</summary>
    public const string Description =
        "Sizes and speeds of all papers: by how many percent what was counted or timed is off the published number (dot; bar: median "
            + "absolute deviation of the timings; "
        + "hollow where nothing is settled), with the tolerance as a band.";

    /// <summary>The picture.</summary>
    public static XElement Of(IReadOnlyList<JudgedPaper> papers)
    {
        var shapes = new List<XElement>();
        var y = Top;
        foreach (var (number, paper) in papers.Index())
        {
            shapes.Add(Text(12, y, paper.Heading, isBold: true));
            y += RowHeight;
            foreach (var outcome in paper.Of(ClaimKind.Speed, ClaimKind.Size).OrderBy(outcome => outcome.Claim.Kind == ClaimKind.Size))
            {
                shapes.AddRange(Row(y, outcome, FigureStyle.ColorOf(number)));
                y += RowHeight;
            }
            y += RowHeight / 2;
        }
        return Svg(y + 8, Description, [.. Axis(y), .. shapes]);
    }

    private static IEnumerable<XElement> Axis(double bottom)
    {
        yield return Text(
            12, 16, "How far off is what was counted or timed? Band: tolerance; dot and bar: measured, with its spread; hollow: not "
            + "settled.");
        foreach (var tick in Ticks)
        {
            yield return Line(X(tick), Top - 14, X(tick), bottom, tick == 0 ? FigureStyle.Ink : FigureStyle.Grid);
            yield return Text(X(tick), Top - 24, tick.ToString("+0;−0;0", CultureInfo.InvariantCulture) + " %", "middle");
        }
        yield return Text(Left + Plot + 12, Top - 24, "measured (published), verdict");
    }

    private static IEnumerable<XElement> Row(double y, ClaimOutcome outcome, string colour)
    {
        var published = outcome.Claim.Published!.Value;
        double Percent(double value) => 100 * ((value / published) - 1);
        var tolerance = ClaimRule.Absolute(outcome.Claim);
        var (low, high) = (X(Percent(published - tolerance)), X(Percent(published + tolerance)));
        yield return Box(low, y - 8, Math.Max(1, high - low), 16, FigureStyle.Grid);
        yield return Label(y, outcome.Claim.Statement);
        if (outcome.Measured is { } measured)
        {
            if (measured.Spread is { } spread)
                yield return Line(X(Percent(measured.Value - spread)), y, X(Percent(measured.Value + spread)), y, colour, 2.5);
            yield return Dot(X(Percent(measured.Value)), y, colour, outcome.Verdict != Verdict.Inconclusive);
        }
        yield return Text(Left + Plot + 12, y, $"{OverviewText.Against(outcome)}, {VerdictWords.Of(outcome.Verdict)}");
    }

    private static double X(double percent) => Left + (Plot * (1 + (Math.Clamp(percent, -Farthest, Farthest) / Farthest)) / 2);
}
