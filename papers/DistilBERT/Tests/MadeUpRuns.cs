using Replication.Bert.Distil;
using Replication.Distillation;
using Replication.Runs;
using Replication.Tests.Studies;
using Replication.Training;

namespace Replication.DistilBERT.Tests;

/// <summary>
/// Finished runs with made-up results, for tests of the report: each thing left out costs two points, the teacher is three ahead.
/// </summary>
internal sealed class MadeUpRuns
{
    private static readonly string[] Terms = ["L_ce", "L_mlm", "L_cos"];

    private readonly string _folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "made-up", TestContext.CurrentContext.Test.ID);

    public FinishedRun? Find(RunSpec spec)
    {
        var result = spec switch
        {
            SpeedSpec => new RunResult
            {
                Facts = new Dictionary<string, double> { ["pairs"] = 1500, ["tokens a pair"] = 28.5 },
                Samples = new Dictionary<string, IReadOnlyList<double>> { [SpeedSpec.BertBase] = [160, 168, 164],
                [SpeedSpec.DistilBert] = [100, 105, 102.5] },
            },
            PretrainSpec => new RunResult { Facts = Terms.Append("steps").Append("tokens").ToDictionary(name => name, _ => 4.0) },
            QuestionAnsweringSpec answers => new RunResult
            {
                Scores = new Dictionary<string, IReadOnlyDictionary<string, double?>>
                {
                    ["dev"] = new Dictionary<string, double?> { ["exact match"] = answers.Teacher is null ? 0.60 : 0.62, ["f1"] = 0.70 },
                },
            },
            FineTuneSpec tuned => Scored(0.83, tuned.Seed),
            StudentFineTuneSpec student => Scored(
                student.TaskTeacher is not null ? 0.81 : ((PretrainSpec)student.Student).Name == "triple loss" ? 0.80 : 0.78, student.Seed),
            _ => throw new ArgumentOutOfRangeException(nameof(spec)),
        };
        var key = spec.SpecKey();
        return new FinishedRun(
            Curves(spec, key),
            MadeUp.Manifest(
                spec,
                new Dictionary<string, double> { ["training tokens per second"] = 1200, ["peak memory bytes of the process"] = 3L << 30 }),
                result);
    }

    private static RunResult Scored(double score, int seed)
    {
        var metrics = MadeUp.Metrics(score + (0.001 * seed));
        return new RunResult
        {
            Scores = new[] { "dev", "dev-mm" }.ToDictionary(split => split, _ => metrics),
            Facts = new Dictionary<string, double> { [MeasuredRows.Count] = 872, [MeasuredRows.LargerClass] = 0.51 },
        };
    }

    // A line every ten steps, with the terms that the recipe gives a weight; from random weights they begin far up.
    private string Curves(RunSpec spec, string key)
    {
        var folder = Path.Combine(_folder, key);
        Directory.CreateDirectory(folder);
        if (spec is PretrainSpec { Recipe: var recipe })
        {
            var (loss, far) = (recipe.Loss, recipe.Start == StudentStart.Random ? 3 : 1);
            (string Name, double Weight, double Level)[] terms = [
                ("L_ce", loss.SoftWeight, 1.5), ("L_cos", loss.CosineWeight, 0.2), ("L_mlm", loss.MaskedWeight, 3)];
            File.WriteAllLines(Path.Combine(folder, MetricsWriter.FileName), Enumerable.Range(1, 8).Select(line => Json.Node(new
            {
                Step = 10 * line,
                Terms = terms.Where(t => t.Weight > 0).ToDictionary(t => t.Name, t => t.Level * far * (1 + ((1 + (t.Weight / 10)) / line))),
            }).ToJsonString()));
        }
        return folder;
    }
}
