using System.Globalization;
using System.Text;
using Replication.Claims;

namespace Replication.Reporting.Overviews;

/// <summary>The overview as Markdown, and its numbers as words.</summary>
internal static class OverviewText
{
    /// <summary>The Markdown.</summary>
    /// <param name="papers">The papers.</param>
    /// <param name="shipped">What is said of models that ship; empty for nothing.</param>
    public static string Of(IReadOnlyList<JudgedPaper> papers, string shipped)
    {
        var text = new StringBuilder(
            "# Overview\n\nMade from the committed verdicts of the largest profile of each paper by `./reproduce.ps1 report "
            + "--update-results`.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"## Orders: what beats what\n\n![{ForestPlot.Description}]({Overview.OrdersName})\n\n");
        foreach (var paper in papers)
        {
            text.Append(CultureInfo.InvariantCulture, $"### {paper.Heading}\n\n");
            TableText.AppendRow(text, ["Claim", "Published", "Measured [95 % interval]", "Replicates", "Verdict"]);
            TableText.AppendRow(text, ["---", "---:", "---:", "---:", "---"]);
            foreach (var outcome in paper.Of(ClaimKind.Order))
                TableText.AppendRow(
                    text, [TableText.Escape(outcome.Claim.Statement), Published(outcome), TableText.Escape(Difference(outcome)),
                    Replicates(outcome), VerdictWords.Of(outcome.Verdict)]);
            text.Append(CultureInfo.InvariantCulture, $"\nReasons and signatures: [report](../{paper.Folder}/{ReportFiles.Text}).\n\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"## Sizes and speeds\n\n![{DeviationPlot.Description}]({Overview.RatiosName})\n\n");
        foreach (var paper in papers)
        {
            text.Append(CultureInfo.InvariantCulture, $"### {paper.Heading}\n\n");
            TableText.AppendRow(text, ["Claim", "Measured (published)", "Tolerance", "Verdict"]);
            TableText.AppendRow(text, ["---", "---:", "---:", "---"]);
            foreach (var outcome in paper.Of(ClaimKind.Speed, ClaimKind.Size).OrderBy(outcome => outcome.Claim.Kind == ClaimKind.Size))
                TableText.AppendRow(
                    text, [TableText.Escape(outcome.Claim.Statement), TableText.Escape(Against(outcome)),
                    NumberText.Of(ClaimRule.Absolute(outcome.Claim)), VerdictWords.Of(outcome.Verdict)]);
            text.Append('\n');
        }
        if (shipped.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $"## {ShippedResults.Heading}\n\n{shipped}");
        return text.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>The 95 % interval of a mean over replicates.</summary>
    public static Interval Interval(Measurement measured) =>
        Claims.Interval.OfMean(measured.Value, measured.Spread ?? 0, measured.Replicates.Count, LookPlan.Confidence);

    /// <summary>Such as "+4.93 [+4.74, +5.13]"; "not measured" where it was not run.</summary>
    public static string Difference(ClaimOutcome outcome)
    {
        if (outcome.Measured is not { } measured)
            return "";
        var (low, high) = Interval(measured);
        return double.IsFinite(low) ? $"{Signed(measured.Value)} [{Signed(low)}, {Signed(high)}]" : Signed(measured.Value);
    }

    /// <summary>Such as "1.98× (2×)".</summary>
    public static string Against(ClaimOutcome outcome)
    {
        string Of(double value) => UnitText.Of(NumberText.Of(value), outcome.Claim.Unit);
        var published = Of(outcome.Claim.Published!.Value);
        return outcome.Measured is { } measured ? $"{Of(measured.Value)} ({published})" : $"({published})";
    }

    /// <summary>The published difference.</summary>
    public static string Published(ClaimOutcome outcome) => outcome.Claim.Published is { } published ? Signed(published) : "";

    /// <summary>How many replicates or seeds, and nothing where nothing was measured.</summary>
    public static string Replicates(ClaimOutcome outcome) =>
        outcome.Measured is { } measured ? measured.Replicates.Count.ToString(CultureInfo.InvariantCulture) : "";

    private static string Signed(double value) => value.ToString("+0.00;−0.00;0.00", CultureInfo.InvariantCulture);
}
