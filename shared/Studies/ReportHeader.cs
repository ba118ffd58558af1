using System.Globalization;
using Replication.Runs;

namespace Replication.Studies;

/// <summary>Where and when the runs of a report were computed, from their manifests.</summary>
public static class ReportHeader
{
    private const int CommitLength = 12;

    /// <summary>Lines as name and value.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="runs">The runs of the report; what they need counts too.</param>
    /// <param name="find">Gives a finished run or null.</param>
    public static IReadOnlyList<(string Name, string Value)> Of(string profile, IEnumerable<RunSpec> runs, Func<RunSpec, FinishedRun?> find)
    {
        var manifests = Plan.Build(runs).Runs.Select(run => find(run.Spec)).OfType<FinishedRun>()
            .Select(run => run.Manifest).DistinctBy(m => m.Key, StringComparer.Ordinal).ToList();
        if (manifests.Count == 0)
            return [("Profile", profile), ("Runs", "none is finished")];
        string Each(Func<RunManifest, string> part) =>
            string.Join("; ", manifests.Select(part).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var (first, last) = (Day(manifests.Min(m => m.Started)), Day(manifests.Max(m => m.Finished)));
        return
        [
            ("Profile", profile),
            ("Machine", Each(m => m.Machine)),
            ("Device", Each(Device)),
            ("Commit", Each(m => m.Commit is { } commit ? Short(commit) : "outside a checkout")),
            ("Measured", first == last ? first : $"{first} to {last}"),
            ("Computed", FormattableString.Invariant($"{manifests.Count} runs, {manifests.Sum(m => m.Seconds) / 60:0.0} minutes")),
            .. DataContamination.Of(manifests) is { } seen ? [("Seen before", seen)] : Array.Empty<(string, string)>(),
        ];
    }

    private static string Device(RunManifest manifest)
    {
        var (device, threads, libtorch) = manifest.Environment;
        var processors = string.Join(", then ", manifest.Processors);
        return $"{device}, {threads} {(threads == 1 ? "thread" : "threads")}, {processors}, libtorch {libtorch}";
    }

    // "-dirty" stays.
    private static string Short(string commit) => commit.IndexOf('-', StringComparison.Ordinal) is var end and > CommitLength
        ? commit[..CommitLength] + commit[end..]
        : commit[..Math.Min(CommitLength, commit.Length)];
}
