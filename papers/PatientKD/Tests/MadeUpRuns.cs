using Replication.Runs;
using Replication.Tests.Studies;
using Replication.Training;

namespace Replication.PatientKD.Tests;

/// <summary>Finished runs with made-up results, for tests of the report: every method is a point better than the one before it.</summary>
internal sealed class MadeUpRuns
{
    private readonly string _folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "made-up", TestContext.CurrentContext.Test.ID);

    public FinishedRun? Find(RunSpec spec)
    {
        var result = spec switch
        {
            SelectionSpec search => Find(search.Candidates[0])!.Result with
            {
                Chosen = search.Candidates[0].SpecKey(),
                Samples = new Dictionary<string, IReadOnlyList<double>> { [search.ScoresName] = [.. search.Candidates.Select(_ => 0.5)] },
            },
            SpeedSpec speed =>
                new RunResult { Samples = speed.Layers.ToDictionary(
                    SpeedSpec.NameOf, l => (IReadOnlyList<double>)[2.0 * l, 2.1 * l, 2.2 * l]) },
            FineTuneSpec tuned => Scored(tuned.Layers is null ? 0.9 : 0.8, tuned.Seed) with
            {
                Facts = tuned.RateOf?.Candidates[0] is FineTuneSpec chosen
                    ? new Dictionary<string, double> { [FineTuneSpec.LearningRate] = chosen.Recipe.LearningRate } : [],
            },
            PatientKdSpec student => Scored(student.Map?.Name switch { null => 0.81, "PKD-Last" => 0.82, _ => 0.83 }, student.Seed) with
            {
                Facts = new Dictionary<string, double>(
                    Tuning.Facts(student.Loss, student.Recipe)) { [MeasuredRows.Count] = 872, [MeasuredRows.LargerClass] = 0.51 },
            },
            _ => throw new ArgumentOutOfRangeException(nameof(spec)),
        };
        var key = spec.SpecKey();
        return new FinishedRun(Curves(spec, key), MadeUp.Manifest(spec), result);
    }

    private static RunResult Scored(double score, int seed)
    {
        var metrics = MadeUp.Metrics(score + (0.001 * seed));
        return new RunResult { Scores = new[] { "dev", "dev-mm", "held-out" }.ToDictionary(split => split, _ => metrics) };
    }

    // Distillation gains nothing after the first epoch, Patient-KD a point.
    private string Curves(RunSpec spec, string key)
    {
        var folder = Path.Combine(_folder, key);
        Directory.CreateDirectory(folder);
        var later = spec is PatientKdSpec { Map: not null } ? 0.81 : 0.80;
        File.WriteAllLines(
            Path.Combine(folder, MetricsWriter.FileName),
            new[] { (1, 0.80), (2, 0.80), (3, later) }.SelectMany(p => new[] { "dev", "train-sample" }
            .Select(
                split => FormattableString.Invariant(
                    $$"""{"step":{{p.Item1}},"epoch":{{p.Item1}},"split":"{{split}}","accuracy":{{p.Item2}}}"""))));
        return folder;
    }
}
