using System.Globalization;
using Replication.Claims;
using Replication.Papers;
using Replication.Reporting;
using Spectre.Console;

namespace Replication.CommandLine;

/// <summary>A report's verdicts as they are shown.</summary>
internal static class VerdictView
{
    /// <summary>The claims as a table.</summary>
    public static Table ToTable(Display display, PaperReport report)
    {
        var table = display.Table(("table", false), ("claim", false), ("published", true), ("measured", true), ("verdict", false));
        foreach (var outcome in report.Claims)
        {
            table.AddRow(
                new Text(outcome.Claim.Table), new Text(outcome.Claim.Statement),
                new Text(Number(outcome.Claim.Published, outcome.Claim.Unit)), new Text(Number(outcome.Measured?.Value, outcome.Claim.Unit)),
                new Text(VerdictWords.Of(outcome.Verdict)));
        }
        return table;
    }

    /// <summary>The claims for programs.</summary>
    public static object ToJson(IPaper paper, PaperReport report, string folder) => new
    {
        Event = "report",
        Paper = paper.Name,
        report.Profile,
        Folder = folder,
        Claims = report.Claims.Select(o => new
        {
            o.Claim.Id,
            o.Claim.Statement,
            o.Claim.Published,
            Measured = o.Measured?.Value,
            o.Claim.Unit,
            Verdict = VerdictWords.Of(o.Verdict),
            o.Reason,
        }),
    };

    /// <summary>"Of 12 claims: 5 reproduced, 7 not run."</summary>
    public static string Summary(PaperReport report)
    {
        var counts = VerdictWords.Counts(report.Claims).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Count} {VerdictWords.Of(c.Verdict)}"));
        return string.Create(CultureInfo.InvariantCulture, $"Of {report.Claims.Count} claims: {string.Join(", ", counts.DefaultIfEmpty("none judged"))}.");
    }

    private static string Number(double? value, string unit) => value is { } number
        ? string.Create(CultureInfo.InvariantCulture, $"{number:0.##}{(unit is "%" or "x" ? "" : " ")}{unit}")
        : "";
}
