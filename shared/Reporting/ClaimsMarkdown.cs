using System.Globalization;
using System.Text;
using Replication.Claims;
using Replication.Studies;

namespace Replication.Reporting;

/// <summary>claims.md: the claims as a page that a repository's host shows.</summary>
internal static class ClaimsMarkdown
{
    public static string Of(PaperReport report)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"# {TableText.Escape(report.Title)}: claims, profile {TableText.Escape(report.Profile)}\n\n");
        foreach (var sentence in report.Summary)
            text.Append(TableText.Escape(sentence)).Append("\n\n");
        if (report.Claims.Count == 0)
            text.Append("No claims.\n");
        var (judged, notRun) = ClaimGroups.Of(report.Claims);
        if (judged.Count > 0)
            AppendJudged(text, judged);
        foreach (var (reason, claims) in notRun)
            AppendNotRun(text, reason, claims);
        return text.ToString();
    }

    private static void AppendJudged(StringBuilder text, IReadOnlyList<ClaimOutcome> claims)
    {
        TableText.AppendRow(text, ["Claim", "Table", "Kind", "Verdict", "Published", "Measured", "Tolerance", "Reason"]);
        TableText.AppendRow(text, ["---", "---", "---", "---", "---:", "---:", "---:", "---"]);
        foreach (var outcome in claims)
        {
            var cells = ClaimCells.Of(outcome);
            TableText.AppendRow(text, new[]
            {
                cells.Statement, outcome.Claim.Table, VerdictWords.Of(outcome.Claim.Kind), VerdictWords.Of(outcome.Verdict), cells.Published, cells.Measured, cells.Tolerance, cells.Reason,
            }.Select(TableText.Escape));
        }
    }

    private static void AppendNotRun(StringBuilder text, string reason, IReadOnlyList<ClaimOutcome> claims)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {claims.Count} not run\n\n{TableText.Escape(reason)}\n\n");
        TableText.AppendRow(text, ["Claim", "Table", "Kind", "Published", "Tolerance"]);
        TableText.AppendRow(text, ["---", "---", "---", "---:", "---:"]);
        foreach (var outcome in claims)
        {
            var cells = ClaimCells.Of(outcome);
            TableText.AppendRow(text, new[] { cells.Statement, outcome.Claim.Table, VerdictWords.Of(outcome.Claim.Kind), cells.Published, cells.Tolerance }.Select(TableText.Escape));
        }
    }
}
