using System.CommandLine;
using System.Globalization;
using Replication.CommandLine;
using Replication.Measurements;
using Replication.Runs;

namespace Replication.Bench;

/// <summary>bench: how close this program comes to what the machine can do, in one table.</summary>
internal static class BenchVerb
{
    // Two cores need about as many for the whole table.
    private const int UsualMinutes = 10;

    public static Command Create(VerbContext context)
    {
        var only = OptionFactory.Names(
            "--only", "Rows that are measured; without --output nothing is kept then (default: all).", "NAMES",
            [.. BenchRows.All.Select(row => row.Row.Id)]);
        var minutes = OptionFactory.Integer(
            "--minutes", FormattableString.Invariant($"About how long the whole table takes on two cores (default: {UsualMinutes})."),
            1, 600);
        var output = OptionFactory.Text(
            "--output", $"Folder for table and numbers (default: {PerformancePage.Document} and {PerformancePage.Folder}).", "FOLDER");
        var earlier = OptionFactory.Text(
            "--earlier", "A built reproduce.dll of earlier code: its runs are held against this program's (four minutes more).", "FILE");
        var command = new Command("bench", "Measure how close training and inference come to what this machine can do.")
            { only, minutes, output, earlier };
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            var folder = parse.GetValue(output) is { } named ? Path.GetFullPath(named) : null;
            var (numbers, page) = folder is null
                ? (Path.Combine(context.Root, PerformancePage.Folder), Path.Combine(context.Root, PerformancePage.Document))
                : (folder, Path.Combine(folder, Path.GetFileName(PerformancePage.Document)));
            OutputCheck.Folder("--output", numbers);
            if (parse.GetValue(earlier) is { } file && !File.Exists(file))
                throw new ReplicationException(
                    $"--earlier is {file}, which is not there; name a reproduce.dll that was built.", ReplicationException.UsageError);
            var display = context.Display(parse);
            var workspace = context.OpenWorkspace(parse);
            var start = workspace.Clock.GetTimestamp();
            var chosen = parse.NamesOf(only);
            var rows = BenchRows.All.Where(row => chosen is null || chosen.Contains(row.Row.Id, StringComparer.Ordinal)).ToList();
            using var yardstick = new Yardstick(workspace.Device);
            var calibration = new Calibration(() => CalibrationMeasurement.Measure(
                workspace, CalibrationMeasurement.Geometry, TimeSpan.FromSeconds(2), cancellation));
            var bench = new BenchSession(
                workspace, context.Papers, context.Host.Program, yardstick, calibration,
                (double)(parse.GetValue(minutes) ?? UsualMinutes) / UsualMinutes, cancellation)
            {
                Earlier = parse.GetValue(earlier) is { } program ? ["dotnet", Path.GetFullPath(program)] : null,
            };
            var measured = new List<PerformanceRow>();
            foreach (var (index, (row, measure)) in rows.Index())
            {
                cancellation.ThrowIfCancellationRequested();
                measured.Add(OrWhyNot(row, one => measure(one, bench)));
                var line = PerformancePage.Line(measured[^1]);
                display.Text(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{index + 1} of {rows.Count}, {workspace.Clock.GetElapsedTime(start).TotalSeconds:0} s: {line}"));
            }
            var report = new PerformanceReport
            {
                Measured = workspace.Clock.GetUtcNow(), Seconds = Math.Round(workspace.Clock.GetElapsedTime(start).TotalSeconds),
                Commit = SourceCommit.Read(context.Root), Machine = MachineInfo.Collect(workspace.Device, workspace.Processor),
                Threads = workspace.Environment.Threads, Rows = [.. measured.OrderBy(row => row.Id == "memory")],
            };
            if (chosen is not null && folder is null)
            {
                display.Json(new { Event = "bench", Report = report });
                return 0;
            }
            Directory.CreateDirectory(numbers);
            AtomicFile.WriteText(Path.Combine(numbers, report.FileName()), Json.Text(report));
            AtomicFile.WriteText(page, PerformancePage.Of(PerformancePage.Read(numbers)));
            display.Result($"{page} has the table.", new { Event = "bench", Report = report });
            return 0;
        }));
        return command;
    }

    /// <summary>A measured row; where it cannot be measured here, the row with the reason, for the others are not to be lost.</summary>
    internal static PerformanceRow OrWhyNot(PerformanceRow row, Func<PerformanceRow, PerformanceRow> measure)
    {
        try
        {
            return measure(row);
        }
        catch (ReplicationException exception)
        {
            return row with { NotMeasured = exception.Message };
        }
    }
}
