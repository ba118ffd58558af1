using System.Text.Json;
using Replication.Runs;
using Replication.TinyBERT.Speed;
using Replication.Training;

namespace Replication.TinyBERT.Tests;

/// <summary>Finished runs with made-up results, for tests of the report: whatever is left out costs a point.</summary>
internal sealed class MadeUpRuns
{
    private readonly string _folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "made-up", TestContext.CurrentContext.Test.ID);

    public FinishedRun? Find(RunSpec spec)
    {
        var result = spec switch
        {
            SpeedSpec => new RunResult
            {
                Samples = SpeedSpec.Subjects.Zip((double[])[18.8, 9.4, 2]).ToDictionary(s => s.First.Name, s => (IReadOnlyList<double>)[s.Second, 1.1 * s.Second, 1.2 * s.Second]),
            },
            FineTuneSpec tuned => Scored(0.9, tuned.Seed),
            PredictionSpec student => Scored(Score(student), student.Seed) with
            {
                Facts = new Dictionary<string, double> { [PredictionSpec.MeasuredRows] = 872, [PredictionSpec.LargerClass] = 0.51 },
            },
            _ => new RunResult(),
        };
        var key = spec.SpecKey();
        return new FinishedRun(Curve(key), Manifest(spec, key), result);
    }

    private static double Score(PredictionSpec student) => student switch
    {
        { Target: PredictionTarget.Labels } => 0.80,
        { Start: IntermediateSpec { General: null } } or { Augmentation: null } => 0.84,
        { Start: IntermediateSpec { Method: { Terms: Terms.All, Map: MapStrategy.Uniform } } } => 0.85,
        _ => 0.84,
    };

    private static RunResult Scored(double score, int seed)
    {
        IReadOnlyDictionary<string, double?> metrics = new[] { "accuracy", "f1", "pearson", "spearman", "matthews" }.ToDictionary(m => m, _ => (double?)(score + (0.001 * seed)));
        return new RunResult { Scores = new Dictionary<string, IReadOnlyDictionary<string, double?>> { ["dev"] = metrics } };
    }

    private string Curve(string key)
    {
        var folder = Path.Combine(_folder, key);
        Directory.CreateDirectory(folder);
        File.WriteAllLines(Path.Combine(folder, MetricsWriter.FileName), ["""{"step":10,"loss":3,"terms":{"L_attn":2,"L_hidn":1}}""", """{"step":20,"loss":2,"terms":{"L_attn":1.5,"L_hidn":0.5}}"""]);
        return folder;
    }

    private static RunManifest Manifest(RunSpec spec, string key) => new()
    {
        Key = key,
        SpecKey = key,
        Kind = spec.Kind,
        Label = spec.Describe(),
        Spec = JsonDocument.Parse("{}").RootElement,
        Inputs = [],
        Environment = new RunEnvironment("cpu", 2, "2.10.0", "AVX512"),
        Machine = "a made-up machine",
        Started = DateTimeOffset.UnixEpoch,
        Finished = DateTimeOffset.UnixEpoch.AddHours(1),
        Seconds = 60,
        Resumes = 0,
        Measurements = new Dictionary<string, double>(),
        Files = new Dictionary<string, string>(),
    };
}
