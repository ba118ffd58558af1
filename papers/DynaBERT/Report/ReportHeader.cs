using System.Globalization;
using Replication.Runs;

namespace Replication.DynaBERT.Report;

/// <summary>Where and when the runs of a report were computed, from their manifests.</summary>
internal static class ReportHeader
{
    /// <summary>Lines as name and value.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(string profile, IReadOnlyList<FinishedRun> runs)
    {
        if (runs.Count == 0)
            return [("Profile", profile), ("Runs", "none is finished")];
        var manifests = runs.Select(run => run.Manifest).ToList();
        string Each(Func<RunManifest, string> part) => string.Join("; ", manifests.Select(part).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var (first, last) = (Day(manifests.Min(m => m.Started)), Day(manifests.Max(m => m.Finished)));
        return
        [
            ("Profile", profile),
            ("Machine", Each(m => m.Machine)),
            ("Device", Each(m => $"{m.Environment.Device}, {m.Environment.Threads} threads, {m.Environment.Processor}, libtorch {m.Environment.Libtorch}")),
            ("Commit", Each(m => m.Commit ?? "outside a checkout")),
            ("Measured", first == last ? first : $"{first} to {last}"),
            ("Computed", string.Create(CultureInfo.InvariantCulture, $"{runs.Count} runs, {manifests.Sum(m => m.Seconds) / 60:0.0} minutes")),
        ];
    }
}
