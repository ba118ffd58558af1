using System.Text.Json;
using Replication.Runs;

namespace Replication.Tests.Studies;

/// <summary>What the made-up runs of the papers' report tests have in common. Compiled into each paper's tests.</summary>
internal static class MadeUp
{
    /// <summary>One score under the name of every metric.</summary>
    public static IReadOnlyDictionary<string, double?> Metrics(double score) =>
        new[] { "accuracy", "f1", "pearson", "spearman", "matthews" }.ToDictionary(metric => metric, _ => (double?)score);

    /// <summary>The manifest of a run that took a minute.</summary>
    public static RunManifest Manifest(RunSpec spec, IReadOnlyDictionary<string, double>? measurements = null) => new()
    {
        KeyVersion = RunKey.Version,
        Key = spec.SpecKey(),
        SpecKey = spec.SpecKey(),
        Kind = spec.Kind,
        Label = spec.Describe(),
        Spec = JsonDocument.Parse("{}").RootElement,
        Inputs = [],
        Needs = [],
        Processors = ["AVX512"],
        Environment = new RunEnvironment("cpu", 2, "2.10.0"),
        Machine = "a made-up machine",
        Started = DateTimeOffset.UnixEpoch,
        Finished = DateTimeOffset.UnixEpoch.AddHours(1),
        Seconds = 60,
        Resumes = 0,
        Measurements = measurements ?? new Dictionary<string, double>(),
        Files = new Dictionary<string, string>(),
    };
}
