using System.Text;
using Replication.Claims;

namespace Replication.Reporting;

/// <summary>claims.md: the claims as a page that a repository's host shows.</summary>
internal static class ClaimsMarkdown
{
    public static string Of(PaperReport report)
    {
        var text = new StringBuilder().Append($"# {TableText.Escape(report.Title)}: claims, profile {TableText.Escape(report.Profile)}\n\n");
        foreach (var sentence in report.Summary)
            text.Append(TableText.Escape(sentence)).Append("\n\n");
        text.AppendJoin(", ", VerdictWords.Counts(report.Claims).Select(c => FormattableString.Invariant($"{c.Count} {VerdictWords.Of(c.Verdict)}"))).Append(report.Claims.Count == 0 ? "No claims.\n\n" : ".\n\n");
        TableText.AppendRow(text, ["Claim", "Table", "Kind", "Verdict", "Published", "Measured", "Tolerance", "Reason"]);
        TableText.AppendRow(text, ["---", "---", "---", "---", "---:", "---:", "---:", "---"]);
        foreach (var outcome in report.Claims)
        {
            var cells = ClaimCells.Of(outcome);
            TableText.AppendRow(text, new[]
            {
                cells.Statement, outcome.Claim.Table, VerdictWords.Of(outcome.Claim.Kind), VerdictWords.Of(outcome.Verdict), cells.Published, cells.Measured, cells.Tolerance, cells.Reason,
            }.Select(TableText.Escape));
        }
        return text.ToString();
    }
}
