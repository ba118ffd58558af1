using System.Globalization;
using Replication.Runs;

namespace Replication.TinyBERT.Report;

/// <summary>Where and when the runs of a report were computed, from their manifests.</summary>
internal static class ReportHeader
{
    /// <summary>Lines as name and value.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(Results results)
    {
        var manifests = results.Set.All().Select(results.Find).OfType<FinishedRun>().Select(run => run.Manifest).DistinctBy(m => m.Key).ToList();
        if (manifests.Count == 0)
            return [("Profile", results.Profile), ("Runs", "none is finished")];
        string Each(Func<RunManifest, string> part) => string.Join("; ", manifests.Select(part).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        return
        [
            ("Profile", results.Profile),
            ("Machine", Each(m => m.Machine)),
            ("Device", Each(m => $"{m.Environment.Device}, {m.Environment.Threads} threads, libtorch {m.Environment.Libtorch}")),
            ("Commit", Each(m => m.Commit ?? "outside a checkout")),
            ("Measured", Each(m => m.Finished.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))),
            ("Computed", string.Create(CultureInfo.InvariantCulture, $"{manifests.Count} runs, {manifests.Sum(m => m.Seconds) / 60:0.0} minutes")),
        ];
    }
}
