using System.Globalization;
using System.Text.RegularExpressions;
using Replication.Claims;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;

namespace Replication.PatientKD.Report;

/// <summary>Figure 2: accuracy on training and dev set while KD and PKD train; the published curves in figures of their own.</summary>
internal static partial class LearningCurves
{
    private const string PublishedTable = "Figure 2 (digitised, +-0.005)";

    /// <summary>One a task, then the published figures; these have nothing to say beside the PyTorch run of the reference profile.</summary>
    public static IReadOnlyList<Figure> Make(Results results, PublishedCells cells) =>
    [
        .. results.Set.Tasks.Select(task => Measured(results, task)).OfType<Figure>(),
        .. results.Request.Profile == Studies.Profile.Reference ? (Figure[])[] : [Published(cells, "QNLI"), Published(cells, "MNLI")],
    ];

    /// <summary>A run's scores on a split while it trained: epochs and scores in points; empty where they were not kept.</summary>
    public static IReadOnlyList<(double Epoch, double Score)> Read(FinishedRun run, string split, GlueMetric metric)
    {
        var epochs = run.Curves.Where(point => point.Split == split && point.Name == "epoch").ToDictionary(point => point.Step, point => point.Value);
        return [.. run.Curves.Where(point => point.Split == split && point.Name == GlueScorer.Name(metric)).Select(point => (epochs[point.Step], 100 * point.Value))];
    }

    private static LineFigure? Measured(Results results, TaskRuns task)
    {
        var glue = GlueTasks.Parse(task.Task);
        var metric = GlueScorer.Name(glue.MainMetric);
        var half = results.Set.TeacherLayers / 2;
        (string Name, IReadOnlyList<RunSpec> Runs)[] subjects =
        [
            ("teacher", task.Teachers[0].Runs),
            .. ((Method[])[Method.FT, Method.KD, Method.Skip, Method.Last])
                .Select(method => task.Find(method, half, results.Set.Teacher)).OfType<StudentRuns>()
                .Select(student => (student.Map?.Name ?? student.Method.ToString(), student.Runs)),
        ];
        LineSeries[] series =
        [
            .. from subject in subjects
               from split in (string[])["dev", "train-sample"]
               let line = Line(results, subject.Name, subject.Runs, split, glue.MainMetric)
               where line is not null
               select line,
        ];
        return series.Length == 0 ? null : new LineFigure(
            $"figure-2-{task.Task.ToLowerInvariant()}",
            $"Figure 2, measured on {task.Task}",
            $"{metric} on {task.Task} while training, {half} layers, {results.Profile} profile: dev set (solid, mean and range over seeds) and a fixed sample of the training set (dashed).",
            "Epochs",
            $"{metric} (%)",
            series);
    }

    private static LineSeries? Line(Results results, string name, IReadOnlyList<RunSpec> runs, string split, GlueMetric metric)
    {
        var curves = runs.Select(results.Training).Where(t => t is not null).Select(t => Read(t!.Value.Run, split, metric)).Where(c => c.Count > 0).ToList();
        if (curves.Count == 0)
            return null;
        var points = curves.Min(c => c.Count);
        double[] At(Func<IEnumerable<double>, double> summary) => [.. Enumerable.Range(0, points).Select(i => summary(curves.Select(c => c[i].Score)))];
        var dev = split == "dev";
        return new LineSeries(
            $"{name}, {(dev ? "dev" : "train")}",
            [.. curves[0].Take(points).Select(p => p.Epoch)],
            At(Enumerable.Average),
            dev && curves.Count > 1 ? At(Enumerable.Min) : null,
            dev && curves.Count > 1 ? At(Enumerable.Max) : null,
            Dashed: !dev);
    }

    private static LineFigure Published(PublishedCells cells, string task)
    {
        var series =
            from cell in cells.All
            where cell.Table == PublishedTable && cell.Task == task && cell.Number is not null
            let place = Share().Match(cell.Metric)
            where place.Success
            group (Epoch: 4 * double.Parse(place.Groups[1].ValueSpan, CultureInfo.InvariantCulture), Score: 100 * cell.Number!.Value) by (cell.Model, cell.Split) into curve
            select new LineSeries($"{curve.Key.Model}, {curve.Key.Split}", [.. curve.Select(p => p.Epoch)], [.. curve.Select(p => p.Score)], Dashed: curve.Key.Split != "dev");
        return new LineFigure(
            $"figure-2-published-{task.ToLowerInvariant()}",
            $"Figure 2, published, on {task}",
            $"Accuracy on {task} of BERT12 and of BERT6 trained with KD and PKD, read off the paper's figure to half a point: dev set solid, training set dashed.",
            "Epochs",
            "accuracy (%)",
            [.. series]);
    }

    [GeneratedRegex(@"^acc at ([0-9.]+) of 4-epoch run$")]
    private static partial Regex Share();
}
