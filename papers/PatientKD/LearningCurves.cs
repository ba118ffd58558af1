using System.Globalization;
using System.Text.RegularExpressions;
using Replication.Claims;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;

namespace Replication.PatientKD;

/// <summary>Figure 2: accuracy on training and dev set while KD and PKD train; the published curves in figures of their own.</summary>
internal static partial class LearningCurves
{
    private const string PublishedTable = "Figure 2 (digitised, +-0.005)";

    // The published curves of KD are flat from here on, as a share of the training.
    private const double Saturated = 0.4;

    /// <summary>The curves of some variants on a task; null where none is finished.</summary>
    public static LineFigure? Measured(StudyResults results, IReadOnlyList<Variant> variants, GlueTask task)
    {
        var metric = GlueScorer.Name(task.MainMetric);
        LineSeries[] series =
        [
            .. from variant in variants
               let runs = results.Study.RunsOf([variant], [task])
               from split in (string[])["dev", "train-sample"]
               let curves = runs.Select(r => Read(results.Training(r.Spec)?.Run, split, task.MainMetric)).Where(c => c.Count > 0)
               let line = Line(variant.Name.Split(',')[0], [.. curves], split == "dev")
               where line is not null
               select line,
        ];
        return series.Length == 0 ? null : new LineFigure(
            $"figure-2-{task.Name.ToLowerInvariant()}", $"Figure 2, measured on {task}",
            $"{metric} on {task} while training, {variants[^1].Name.Split(", ")[1]}, {results.Profile} profile: "
                + "dev set (solid, mean and range over seeds) and a fixed sample of the training set (dashed).",
            "Epochs", $"{metric} (%)", series);
    }

    /// <summary>The curves that the paper prints for a task.</summary>
    public static LineFigure Published(PublishedCells cells, string task)
    {
        var series =
            from cell in cells.All
            where cell.Table == PublishedTable && cell.Task == task && cell.Number is not null
            let place = Share().Match(cell.Metric)
            where place.Success
            let epoch = 4 * double.Parse(place.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            group (Epoch: epoch, Score: 100 * cell.Number!.Value) by (cell.Model, cell.Split) into curve
            select new LineSeries(
                $"{curve.Key.Model}, {curve.Key.Split}", [.. curve.Select(p => p.Epoch)], [.. curve.Select(p => p.Score)],
                Dashed: curve.Key.Split != "dev");
        return new LineFigure(
            $"figure-2-published-{task.ToLowerInvariant()}", $"Figure 2, published, on {task}",
            $"Accuracy on {task} of BERT12 and of BERT6 trained with KD and PKD, read off the paper's figure to half a point: dev set "
                + "solid, training set dashed.",
            "Epochs", "accuracy (%)", [.. series]);
    }

    /// <summary>What one run gains on dev once KD has stopped gaining, less what another gains; null where either kept no curve.</summary>
    public static double? LaterGain(Score better, Score worse, ScoreColumn column)
    {
        double? Gain(FinishedRun run)
        {
            var curve = Read(run, column.Split, column.Metric);
            return curve is not [_, .., var end] ? null : end.Score - curve.MinBy(p => Math.Abs((p.Epoch / end.Epoch) - Saturated)).Score;
        }
        return Gain(better.Run) - Gain(worse.Run);
    }

    // A run's scores on a split while it trained, in points; none where they were not kept.
    private static IReadOnlyList<(double Epoch, double Score)> Read(FinishedRun? run, string split, GlueMetric metric)
    {
        var byName = (run?.Curves ?? []).Where(point => point.Split == split).ToLookup(point => point.Name);
        var epochs = byName["epoch"].ToDictionary(point => point.Step, point => point.Value);
        return [.. byName[GlueScorer.Name(metric)].Select(point => (epochs[point.Step], 100 * point.Value))];
    }

    private static LineSeries? Line(string name, IReadOnlyList<IReadOnlyList<(double Epoch, double Score)>> curves, bool isDev)
    {
        if (curves.Count == 0)
            return null;
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

    [GeneratedRegex(@"^acc at ([0-9.]+) of 4-epoch run$")]
    private static partial Regex Share();
}
