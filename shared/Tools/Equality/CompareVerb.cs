using System.CommandLine;
using System.Globalization;
using Replication.Runs;
using Replication.Tools.Trust;

namespace Replication.Tools.Equality;

/// <summary>
/// compare: the finished runs of two runs folders, file by file; models, metrics and predictions have to be the same bytes.
/// </summary>
internal static class CompareVerb
{
    public static Command Create()
    {
        var first = new Argument<string>("first") { Description = "A runs folder." };
        var second = new Argument<string>("second") { Description = "A runs folder that has to hold the same." };
        var name = new Option<string>("--name") { Description = "What the runs are, for the row.", DefaultValueFactory = _ => "runs" };
        var command =
            new Command("compare",
                "Compare the finished runs of two runs folders byte for byte, times left out; the last line is a row for trust-record.") {
                first, second, name };
        command.SetAction((parse, _) => Task.Run(() =>
        {
            var row = Row(parse.GetRequiredValue(first), parse.GetRequiredValue(second), parse.GetRequiredValue(name), Console.Out);
            Console.WriteLine(row.ToLine());
            return row.Found > 0 || row.Count == 0 ? 1 : 0;
        }));
        return command;
    }

    /// <summary>Compares all runs that either folder holds.</summary>
    /// <param name="first">A runs folder.</param>
    /// <param name="second">Another.</param>
    /// <param name="name">What the runs are.</param>
    /// <param name="output">Is told of each run.</param>
    /// <returns>How many runs were compared, and how many are not the same.</returns>
    /// <exception cref="ReplicationException">A folder is not there.</exception>
    public static ToolRow Row(string first, string second, string name, TextWriter output)
    {
        foreach (var folder in (string[])[first, second])
        {
            if (!Directory.Exists(folder))
                throw new ReplicationException($"There is no folder {folder}.", ReplicationException.UsageError);
        }
        var (compared, files, different, measured) = (0, 0, 0, 0);
        foreach (var run in Runs(first).Union(Runs(second)).Order(StringComparer.Ordinal))
        {
            var (one, other) = (Of(first, run), Of(second, run));
            // What was timed is another at each call: a run that left nothing but its result is a measurement.
            if (one.Count > 0 && one.Keys.All(IsMeasurement) && other.Keys.All(IsMeasurement))
            {
                measured++;
                output.WriteLine($"{run}: a measurement, not compared");
                continue;
            }
            var changed = LeftFiles.Different(one, other);
            (compared, files, different) = (compared + 1, files + one.Count, different + (changed.Count > 0 ? 1 : 0));
            output.WriteLine(
                string.Create(
                CultureInfo.InvariantCulture,
                $"{run}: {(changed.Count == 0 ? $"{one.Count} files are the same" : $"not the same: {string.Join(", ", changed)}")}"));
        }
        return new ToolRow(name, compared, "runs", different, string.Create(
            CultureInfo.InvariantCulture,
            $"{files} files compared byte for "
            + $"byte{(measured == 0 ? "" : $"; {measured} runs that measure time or memory are not compared")}"));
    }

    private static IEnumerable<string> Runs(string folder) => Directory.EnumerateDirectories(folder)
        .Where(run => File.Exists(Path.Combine(run, RunStore.ManifestName))).Select(run => Path.GetFileName(run));

    private static SortedDictionary<string, string> Of(string folder, string run) =>
        Directory.Exists(Path.Combine(folder, run)) ? LeftFiles.Of(Path.Combine(folder, run)) : new(StringComparer.Ordinal);

    private static bool IsMeasurement(string file) => file is RunStore.ManifestName or RunStore.ResultName;
}
