using System.Globalization;
using System.Text;
using Replication.Claims;
using Replication.Reporting.Overviews;
using Replication.Studies;
using static Replication.Reporting.TableText;

namespace Replication.Reporting;

/// <summary>
/// report.md: what a repository's host shows of a report, its figures included. Claims that were not run are counted; claims.csv names
/// them.
/// </summary>
internal static class ReportMarkdown
{
    public static string Of(PaperReport report)
    {
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture,
            $"# {Escape(report.Title)}\n\nReplication, profile {Escape(report.Profile)}. {Escape(report.Citation)}.\n\n");
        foreach (var (name, value) in report.Header)
            text.Append(CultureInfo.InvariantCulture, $"- {Escape(name)}: {Escape(value)}\n");
        text.Append("\n## Summary\n\n");
        foreach (var sentence in report.Summary)
            text.Append(Escape(sentence)).Append("\n\n");
        AppendFindings(text, report);
        text.Append(CultureInfo.InvariantCulture,
            $"## Claims\n\nAll of them, with signatures and findings: [{ReportFiles.Claims}]({ReportFiles.Claims}).\n\n");
        AppendClaims(text, report.Claims);
        if (report.Tables.Count > 0)
            text.Append("## Tables\n\n");
        foreach (var table in report.Tables)
            text.Append(Markdown(table)).Append(CultureInfo.InvariantCulture,
                $"\n{Escape(TableVerdicts.Of(table, report.Claims))}As CSV: [{table.Id}.csv]({ReportFiles.Tables}/{table.Id}.csv)\n\n");
        if (report.Figures.Count > 0)
            text.Append("## Figures\n\n");
        foreach (var figure in report.Figures)
            text.Append(CultureInfo.InvariantCulture,
                $"### {Escape(figure.Title)}\n\n![{Escape(figure.Title)}]({ReportFiles.Figures}/{figure.Id}.svg)\n\n"
                    + $"{Escape(figure.Caption)}\n\n");
        if (report.Deviations.Count > 0)
            text.Append("## Deviations from the paper\n\n");
        foreach (var deviation in report.Deviations)
            text.Append(CultureInfo.InvariantCulture, $"- {Escape(deviation)}\n");
        return text.ToString();
    }

    private static void AppendFindings(StringBuilder text, PaperReport report)
    {
        var sentences = VerdictSentences.Of(report.Claims);
        if (sentences.Count == 0)
            return;
        text.Append("## What was found\n\n");
        foreach (var sentence in sentences)
            text.Append(CultureInfo.InvariantCulture, $"- {Escape(sentence)}\n");
        text.Append('\n');
        if (report.Claims.Any(ForestPlot.IsMeasured))
            text.Append(CultureInfo.InvariantCulture, $"![{Escape(ForestPlot.Description)}]({ReportFiles.Orders})\n\n");
    }

    private static void AppendClaims(StringBuilder text, IReadOnlyList<ClaimOutcome> claims)
    {
        var (judged, notRun) = ClaimGroups.Of(claims);
        if (judged.Count > 0)
        {
            AppendRow(text, ["Claim", "Table", "Kind", "Verdict", "Published", "Measured", "Tolerance", "Reason"]);
            AppendRow(text, ["---", "---", "---", "---", "---:", "---:", "---:", "---"]);
        }
        foreach (var outcome in judged)
        {
            var cells = ClaimCells.Of(outcome);
            AppendRow(text, new[]
            {
                cells.Statement, outcome.Claim.Table, VerdictWords.Of(outcome.Claim.Kind), VerdictWords.Of(outcome.Verdict),
                cells.Published, cells.Measured, cells.Tolerance, cells.Reason,
            }.Select(Escape));
        }
        text.Append('\n');
        foreach (var (reason, group) in notRun)
            text.Append(CultureInfo.InvariantCulture, $"- {group.Count} not run: {Escape(reason)}\n");
        if (notRun.Count > 0)
            text.Append('\n');
    }
}
