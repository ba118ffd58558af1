using Replication.Augmentation;
using Replication.Distillation;
using Replication.Runs;
using Replication.Studies;
using Replication.Tests.Studies;
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
            TinyBertSpeedSpec => new RunResult
            {
                Samples = Extras.Geometries.Zip((double[])[18.8, 9.4, 2])
                    .ToDictionary(s => s.First.Published, s => (IReadOnlyList<double>)[s.Second, 1.1 * s.Second, 1.2 * s.Second]),
            },
            // Not the first point.
            SelectionSpec search => Find(search.Candidates[^1])!.Result with { Chosen = search.Candidates[^1].SpecKey() },
            FineTuneSpec tuned => Scored(0.9, tuned.Seed),
            PredictionSpec student => Scored(Score(student), student.Seed) with
            {
                Facts = new Dictionary<string, double> { [MeasuredRows.Count] = 872, [MeasuredRows.LargerClass] = 0.51 },
            },
            _ => new RunResult(),
        };
        var key = spec.SpecKey();
        if (spec is IntermediateSpec { Seed: 1 })
            RunArray.Write(Curve(key), Attention.Arrays());
        return new FinishedRun(Curve(key), MadeUp.Manifest(spec, Measurements(spec)), result);
    }

    /// <summary>The main pipeline of a profile.</summary>
    public static Pipeline Pipeline(Profile profile, Fidelity fidelity = Fidelity.Default, params string[] tasks)
    {
        var own = TinyBertProfile.Of(
            new ExperimentRequest { Profile = profile, Corpus = profile == Profile.Paper
                ? "text.txt" : null, Fidelity = fidelity, Tasks = tasks });
        return new Pipeline(own, own.Main);
    }

    private static AttentionSample Attention { get; } =
        new(
            ["[CLS]", "fine", "[SEP]"],
            [new AttentionOfLayers(3, 6, [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]])]);

    private static double Score(PredictionSpec student) => student switch
    {
        { Target: PredictionTarget.Labels } => 0.80,
        { Start: IntermediateSpec { General: null } } or { Augmentation: null } => 0.84,
        { Start: IntermediateSpec { Method: { Terms: Terms.All, Map: MapStrategy.Uniform } } } => 0.85,
        _ => 0.84,
    };

    private static Dictionary<string, double> Measurements(RunSpec spec) => spec switch
    {
        AugmentationSpec => new() { [AugmentationSpec.RowsPerSecond] = 90, [AugmentationSpec.RowsPerSecondByWord] = 10 },
        GeneralDistillationSpec or IntermediateSpec or PredictionSpec =>
            new() { ["training tokens per second"] = 5000, ["peak memory bytes of the process"] = 3L << 30 },
        _ => [],
    };

    private static RunResult Scored(double score, int seed)
    {
        var metrics = MadeUp.Metrics(score + (0.001 * seed));
        return new RunResult { Scores = new Dictionary<string, IReadOnlyDictionary<string, double?>> { ["dev"] = metrics } };
    }

    private string Curve(string key)
    {
        var folder = Path.Combine(_folder, key);
        Directory.CreateDirectory(folder);
        File.WriteAllLines(
            Path.Combine(folder, MetricsWriter.FileName),
            ["""{"step":10,"loss":3,"terms":{"L_attn":2,"L_hidn":1}}""", """{"step":20,"loss":2,"terms":{"L_attn":1.5,"L_hidn":0.5}}"""]);
        return folder;
    }
}
