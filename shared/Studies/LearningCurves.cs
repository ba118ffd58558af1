using Replication.Glue;
using Replication.Runs;

namespace Replication.Studies;

/// <summary>Scores on the dev set and on a sample of the training set while variants train, from the runs' curves.</summary>
public static class LearningCurves
{
    /// <summary>The curves of some variants on a task; null where none is finished.</summary>
    /// <param name="results">The study's runs.</param>
    /// <param name="variants">The variants; a line is named as its variant up to the first comma.</param>
    /// <param name="task">The task.</param>
    /// <param name="number">The paper's figure, such as "Figure 2".</param>
    /// <param name="what">What the variants have in common, such as "3 layers".</param>
    public static LineFigure? Figure(StudyResults results, IReadOnlyList<Variant> variants, GlueTask task, string number, string what)
    {
        var metric = GlueScorer.Name(task.MainMetric);
        LineSeries[] series =
        [
            .. from variant in variants
               let runs = results.Study.RunsOf([variant], [task])
               from split in (string[])["dev", "train-sample"]
               let curves = runs.Select(r => Of(results.Training(r.Spec)?.Run, split, task.MainMetric)).Where(c => c.Count > 0).ToList()
               where curves.Count > 0
               select Line(variant.Name.Split(',')[0], curves, split == "dev"),
        ];
        return series.Length == 0 ? null : new LineFigure(
            $"{number.ToLowerInvariant().Replace(' ', '-')}-{task.Name.ToLowerInvariant()}", $"{number}, measured on {task}",
            $"{metric} on {task} while training, {what}, {results.Profile} profile: "
                + "dev set (solid, mean and range over seeds) and a fixed sample of the training set (dashed).",
            "Epochs", $"{metric} (%)", series);
    }

    /// <summary>A run's scores on a split while it trained, in points; none where they were not kept.</summary>
    public static IReadOnlyList<(double Epoch, double Score)> Of(FinishedRun? run, string split, GlueMetric metric)
    {
        var byName = (run?.Curves ?? []).Where(point => point.Split == split).ToLookup(point => point.Name);
        var epochs = byName["epoch"].ToDictionary(point => point.Step, point => point.Value);
        return [.. byName[GlueScorer.Name(metric)].Select(point => (epochs[point.Step], 100 * point.Value))];
    }

    private static LineSeries Line(string name, IReadOnlyList<IReadOnlyList<(double Epoch, double Score)>> curves, bool isDev)
    {
        var points = curves.Min(c => c.Count);
        double[] At(Func<IEnumerable<double>, double> summary) =>
            [.. Enumerable.Range(0, points).Select(i => summary(curves.Select(c => c[i].Score)))];
        return new LineSeries(
            $"{name}, {(isDev ? "dev" : "train")}",
            [.. curves[0].Take(points).Select(p => p.Epoch)],
            At(Enumerable.Average),
            isDev && curves.Count > 1 ? At(Enumerable.Min) : null,
            isDev && curves.Count > 1 ? At(Enumerable.Max) : null,
            Dashed: !isDev);
    }
}
