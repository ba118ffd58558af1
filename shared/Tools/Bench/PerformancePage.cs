using System.Globalization;
using System.Text;
using Replication.Claims;
using Replication.CommandLine;
using Replication.Reporting;

namespace Replication.Bench;

/// <summary>
/// docs/performance.md: how close training and inference come to each kind of machine; a pure function of the measurements.
/// </summary>
internal static class PerformancePage
{
    /// <summary>The document, from the repository's root.</summary>
    public const string Document = "docs/performance.md";

    /// <summary>The measurements, from the repository's root.</summary>
    public const string Folder = "results/performance";

    // Of the cores' time; a measurement beside more work says little.
    private const double Silent = 0.05;

    private const int ShortCommit = 10;

    private const string Head = """
        # Performance
        Made by `./reproduce.ps1 bench` from the files in `results/performance`, of which it writes the one of this kind of processor; a
        test holds this page to them.

        The yardstick is what `torch.mm` of two fp32 matrices of 2048 x 2048 reaches in the same process, on the same threads, in the same
        minutes: each round of a row is the yardstick (three products), the step, and what the step is held against. A share is the FLOP/s
        of the step's matrix products (two operations per multiply-add, a backward pass as two forward ones, padding not counted) over the
        yardstick's. A value is the median over rounds, and the interval encloses the median in 95 % of cases (order statistics; with five
        rounds: 94 %). Weights are random: they do not matter to speed.

        """;

    /// <summary>The measurements of a folder, by their files' names.</summary>
    public static IReadOnlyList<PerformanceReport> Read(string folder) => !Directory.Exists(folder) ? []
        : [.. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(file => Json.Read<PerformanceReport>(file))];

    /// <summary>The page.</summary>
    public static string Of(IReadOnlyList<PerformanceReport> reports)
    {
        var text = new StringBuilder(Head);
        if (reports.Count == 0)
            text.Append("\nNo machine has been measured yet.\n");
        foreach (var report in reports)
            Section(text, report);
        return text.ToString();
    }

    /// <summary>A row in one line.</summary>
    public static string Line(PerformanceRow row) => row.Value is not { } value
        ? $"{row.Work}: {row.NotMeasured}"
        : $"{row.Work}: {Number(value.Median)}{(value.Count > 1 ? $" ({Interval(row)})" : "")} {row.Unit}, {Target(row)}: {Word(row)}";

    private static void Section(StringBuilder text, PerformanceReport report)
    {
        var machine = report.Machine;
        var measured = report.Rows.Where(row => row.Value is not null).ToList();
        var gigabytes = Math.Round(machine.MemoryBytes / (double)(1L << 30));
        var (sitting, left) = (Words.Duration(TimeSpan.FromSeconds(report.Seconds)), report.Rows.Count - measured.Count);
        void Line(FormattableString line) => text.Append("- ").Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        var sets = string.Join(", ", machine.InstructionSets.DefaultIfEmpty("none that matter"));
        var isBusy = report.OtherWork() > Silent ? ": **taken beside other work**, so these numbers are provisional" : "";
        text.Append(CultureInfo.InvariantCulture, $"\n## {report.Kind()}\n");
        Line($"machine: {machine.Processor}, {machine.Cores} cores, {gigabytes} GiB, {machine.OperatingSystem}, {machine.DotNet}");
        Line($"instruction sets: {sets}; threads: {report.Threads}; libtorch {machine.Libtorch}");
        Line($"number format: {report.Precision}, but where a row names another");
        Line($"measured: {report.Measured.UtcDateTime:yyyy-MM-dd HH:mm} UTC in one run of {sitting}, at commit {Commit(report)}");
        Line($"other processes took at most {100 * report.OtherWork():0.0} % of the cores' time while a row was measured{isBusy}");
        Line($"reached: {measured.Count(row => row.IsReached == true)} of {measured.Count} measured rows; {left} not measured");
        text.Append('\n');
        Row(text, "work", "measured", "95 % interval", "rounds", "torch.mm (GFLOP/s)", "to reach", "");
        Row(text, "---", "---:", "---:", "---:", "---:", "---:", "---");
        foreach (var row in report.Rows)
            Row(text, TableText.Escape(row.Work), row.Value is { } value ? $"{Number(value.Median)} {row.Unit}" : "", Interval(row),
                row.Value is { Count: > 1 } several ? several.Count.ToString(CultureInfo.InvariantCulture) : "",
                row.Yardstick is { } rate ? Number(Math.Round(rate / 1e9, 1)) : "", Target(row), Word(row));
        text.Append("\nWhat was measured:\n\n");
        foreach (var row in report.Rows.Where(row => row.Setting is not null))
            text.Append(CultureInfo.InvariantCulture, $"- {TableText.Escape(row.Work)}: {TableText.Escape(row.Setting!)}.\n");
        if (measured.Any(row => row.IsReached == false))
            text.Append("\nWhere the time (of memory: the bytes) of what falls short goes, as shares, and what was tried:\n\n");
        foreach (var row in measured.Where(row => row.IsReached == false))
            text.Append(CultureInfo.InvariantCulture, $"- {TableText.Escape(row.Work)}: {Profile(row)}{Tried(row)}\n");
    }

    private static string Profile(PerformanceRow row) => row.Profile.Count == 0
        ? "no profile."
        : string.Join("; ", row.Profile.Select(part => FormattableString.Invariant($"{part.Name} {100 * part.Share:0.0} %"))) + ".";

    private static string Tried(PerformanceRow row) => row.Tried is null ? "" : $" Tried: {row.Tried}";

    private static void Row(StringBuilder text, params string[] cells) => TableText.AppendRow(text, cells);

    private static string Interval(PerformanceRow row) =>
        row.Value is { Count: > 1 } value ? $"{Number(value.Low)} to {Number(value.High)}" : "";

    private static string Target(PerformanceRow row) => row.AtLeast is { } least ? $">= {Number(least)}" : $"<= {Number(row.AtMost ?? 0)}";

    private static string Word(PerformanceRow row) => row.IsReached switch
    {
        true => "reached",
        false => "not reached",
        null => row.NotMeasured ?? "not measured",
    };

    // Three digits are as many as such measurements have.
    private static string Number(double value) => NumberText.Of(value >= 100 ? Math.Round(value) : value);

    private static string Commit(PerformanceReport report) =>
        report.Commit is { } commit
            ? $"`{commit[..Math.Min(commit.Length, ShortCommit)]}{(commit.EndsWith("-dirty", StringComparison.Ordinal) ? "-dirty" : "")}`"
            : "none";
}
