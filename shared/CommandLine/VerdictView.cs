using System.Globalization;
using Replication.Claims;
using Replication.Reporting;
using Replication.Studies;
using Spectre.Console;
using static System.FormattableString;

namespace Replication.CommandLine;

/// <summary>Reports' verdicts as they are shown: at most a screen, unless every claim is asked for.</summary>
internal static class VerdictView
{
    /// <summary>Lines of a usual terminal, the prompt left out.</summary>
    public const int ScreenLines = 23;

    // A report has a line of counts, which may be folded once; the last lines say whose runs these are, what differs, and where pages are.
    private const int LinesOfReport = 2, LinesAtTheEnd = 4;

    /// <summary>Shows verdict counts, what changed against the committed results, and where the pages are.</summary>
    /// <param name="display">Standard output.</param>
    /// <param name="reports">The reports.</param>
    /// <param name="place">Where they are.</param>
    /// <param name="all">Whether every claim is listed.</param>
    public static void Show(Display display, IReadOnlyList<WrittenReport> reports, ResultsPlace place, bool all)
    {
        var room = ScreenLines - LinesAtTheEnd - (LinesOfReport * reports.Count);
        var changesShown = all ? int.MaxValue : Math.Max(0, room / reports.Count);
        var areCommitted = reports.All(report => report.IsCommittedEvidence);
        foreach (var report in reports)
        {
            if (all)
                display.Table(() => ToTable(display, report.Report));
            display.Result(Summary(report, areCommitted, changesShown), ToJson(report));
        }
        if (reports.All(report => report.Changes is { Count: 0 }))
            display.Text("Every verdict is as committed.");
        if (areCommitted)
            display.Say("Made from the committed runs, since this machine has none of its own.");
        var (what, where) = reports is [var only]
            ? ("report is", only.Folder) : ("reports are", Path.Combine(place.Own, "PAPER", "PROFILE"));
        display.Say($"The {what} {Path.Combine(where, ReportFiles.Page)}{(all ? "" : "; --all lists every claim")}.");
    }

    /// <summary>"patientkd quick: 5 reproduced, 7 not run; 1 verdict is not the committed one:" and the changes, a line each.</summary>
    private static string Summary(WrittenReport report, bool areCommitted, int changesShown)
    {
        var counts = VerdictWords.Counts(report.Report.Claims)
            .Select(count => Invariant($"{count.Count} {VerdictWords.Of(count.Verdict)}"));
        var source = report.IsCommittedEvidence && !areCommitted ? " (committed runs)" : "";
        var head = $"{report.Paper.Name} {report.Report.Profile}{source}: {string.Join(", ", counts.DefaultIfEmpty("no claims"))}";
        if (report.Changes is not { } changes)
            return $"{head}; no results are committed to compare with.";
        if (changes.Count == 0)
            return head + ".";
        var differ = changes.Count == 1
            ? "1 verdict is not the committed one" : Invariant($"{changes.Count} verdicts are not the committed ones");
        // The line that counts those left out takes the place of one.
        var shown = changes.Count <= changesShown ? changes.Count : Math.Max(0, changesShown - 1);
        var first = $"{head}; {differ}{(changesShown > 0 ? ":" : ".")}";
        var lines = changes.Take(shown).Select(change => $"  {change}").Prepend(first).ToList();
        if (shown < changes.Count && changesShown > 0)
            lines.Add(Invariant($"  and {changes.Count - shown} more"));
        return string.Join(Environment.NewLine, lines);
    }

    private static Table ToTable(Display display, PaperReport report)
    {
        var table = display.Table(("table", false), ("claim", false), ("published", true), ("measured", true), ("verdict", false));
        foreach (var outcome in report.Claims)
        {
            table.AddRow(
                new Text(outcome.Claim.Table), new Text(outcome.Claim.Statement),
                new Text(Number(outcome.Claim.Published, outcome.Claim.Unit)),
                new Text(Number(outcome.Measured?.Value, outcome.Claim.Unit)),
                new Text(VerdictWords.Of(outcome.Verdict)));
        }
        return table;
    }

    private static object ToJson(WrittenReport written) => new
    {
        Event = "report",
        Paper = written.Paper.Name,
        written.Report.Profile,
        written.Folder,
        CommittedRuns = written.IsCommittedEvidence,
        Changes = written.Changes?.Select(change => new { change.Id, Committed = Word(change.Committed), Now = Word(change.Now) }),
        Claims = written.Report.Claims.Select(o => new
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

    private static string? Word(Verdict? verdict) => verdict is { } one ? VerdictWords.Of(one) : null;

    private static string Number(double? value, string unit) =>
        value is { } number ? Invariant($"{number:0.##}{(unit is "%" or "x" ? "" : " ")}{unit}") : "";
}
