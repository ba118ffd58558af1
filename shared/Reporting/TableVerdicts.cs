using System.Globalization;
using Replication.Claims;
using Replication.Studies;

namespace Replication.Reporting;

/// <summary>How the claims of a table stand, for the line below it.</summary>
internal static class TableVerdicts
{
    /// <summary>Such as "Claims of Table 1: 2 reproduced, 3 not run. "; empty for a table without claims.</summary>
    public static string Of(ReportTable table, IReadOnlyList<ClaimOutcome> claims)
    {
        var name = table.Title.Split(". ")[0];
        var counts = VerdictWords.Counts([.. claims.Where(outcome => outcome.Claim.Table == name)])
            .Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Count} {VerdictWords.Of(count.Verdict)}")).ToList();
        return counts.Count == 0 ? "" : $"Claims of {name}: {string.Join(", ", counts)}. ";
    }
}
