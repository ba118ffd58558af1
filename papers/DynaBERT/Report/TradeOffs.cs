using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Claims;
using Replication.Glue;
using Replication.Studies;

namespace Replication.DynaBERT.Report;

/// <summary>The paper's comparison figure: score against parameters, operations and latency, and beside it the published points.</summary>
internal static class TradeOffs
{
    /// <summary>Makes the figures; those of a task need its runs.</summary>
    public static IReadOnlyList<Figure> Make(Results results, PublishedCells cells) =>
        [.. results.Set.Tasks.SelectMany(task => Measured(results, task)), Published(cells)];

    private static IEnumerable<Figure> Measured(Results results, TaskRuns task)
    {
        var column = Columns.OfTask(task.Task);
        if (results.Scores(task.Seeds.Select(s => s.Final), column, 1, 1).Count == 0)
            yield break;
        var geometry = Sizes.Geometry(results);
        var timing = Timing.Of(results, results.Set.TeacherSpeed ?? results.Set.Speed);
        Axis[] axes =
        [
            new("parameters", "Parameters (M)", part => Sizes.MillionParameters(part, geometry), Sizes.MillionParameters),
            new("flops", "FLOPs (G), 128 tokens", part => Sizes.BillionFlops(part, geometry), Sizes.BillionFlops),
            .. timing is null ? (Axis[])[] : [new("latency", "Latency (ms), one sequence of 128 tokens", part => 1000 * timing.Report.PassSeconds(part.Name).Median, null)],
        ];
        foreach (var axis in axes)
        {
            yield return new ScatterFigure(
                $"{axis.Id}-{task.Task.ToLowerInvariant()}",
                $"{task.Task}: score against {axis.Id}",
                $"{column.Heading} on {task.Task}'s dev set against {axis.Id}, {results.Set.Settings.Teacher}'s geometry, {results.Profile} profile, mean over seeds. A line is one depth of DynaBERT, its points the widths, from left to right 0.25, 0.5, 0.75 and 1.{(axis.OfOther is null || results.Others(task).Count == 0 ? "" : " Students of other papers have the same teacher and their own recipes.")}",
                axis.Label,
                $"{column.Heading} (%)",
                Series(results, task, column, geometry, axis));
        }
    }

    private static IReadOnlyList<ScatterSeries> Series(Results results, TaskRuns task, ScoreColumn column, BertConfig geometry, Axis axis)
    {
        (double X, double Y, string? Label)? Point(IEnumerable<DynaBertSpec> runs, double width, double depth, bool isLabelled)
        {
            var scores = results.Scores(runs, column, width, depth);
            return scores.Count == 0 ? null : (axis.Of(SubNetwork.Of(geometry, width, depth, results.Set.Settings.Switches.Rule)), scores.Average(s => s.Value), isLabelled ? NumberText.Of(width) : null);
        }
        ScatterSeries[] series =
        [
            .. ProfileSettings.PapersDepths.Select(depth => new ScatterSeries(
                FormattableString.Invariant($"DynaBERT m_d={depth:0.0#}"),
                [.. ProfileSettings.PapersWidths.Select(width => Point(task.Seeds.Select(s => s.Final), width, depth, isLabelled: depth == 1)).OfType<(double, double, string?)>()],
                Joined: true)),
            new("trained alone", [.. task.Separate.Select(alone => Point(alone.Runs, alone.Width, alone.Depth, isLabelled: false)).OfType<(double, double, string?)>()]),
            .. axis.OfOther is null ? (ScatterSeries[])[] : OfOthers(results, task, column, geometry, axis.OfOther),
            new("teacher", results.Teacher(task, column) is { } teacher ? [(axis.Of(SubNetwork.Of(geometry, 1, 1)), teacher.Value, (string?)null)] : []),
        ];
        return [.. series.Where(s => s.Points.Count > 0)];
    }

    private static IEnumerable<ScatterSeries> OfOthers(Results results, TaskRuns task, ScoreColumn column, BertConfig geometry, Func<BertConfig, double> of)
    {
        foreach (var other in results.Others(task))
        {
            var scores = other.Runs.Select(run => run.Result.Scores.GetValueOrDefault(column.Split)?.GetValueOrDefault(GlueScorer.Name(column.Metric))).OfType<double>().ToList();
            if (scores.Count > 0)
                yield return new ScatterSeries(other.Method, [(of(other.Geometry(geometry)), 100 * scores.Average(), null)]);
        }
    }

    private static ScatterFigure Published(PublishedCells cells)
    {
        ScatterSeries Of(string task) => new(task, [.. Sizes.All.Select(part =>
            (Sizes.MillionParameters(part), cells.Find("Table 1", Sizes.ModelName(part.Width, part.Depth), task, "acc").RegressionValue, (string?)null))]);
        return new ScatterFigure(
            "published-parameters",
            "Published: score against parameters",
            "The twelve sub-networks of BERT-base in the paper's Table 1, SST-2 and MNLI-m, against their parameters as counted here.",
            "Parameters (M)",
            "Accuracy (%)",
            [Of("SST-2"), Of("MNLI-m")]);
    }

    /// <summary>What a score is shown against.</summary>
    /// <param name="Id">One word.</param>
    /// <param name="Label">With unit.</param>
    /// <param name="Of">A sub-network's.</param>
    /// <param name="OfOther">Another geometry's; null where it is not known.</param>
    private sealed record Axis(string Id, string Label, Func<SubNetwork, double> Of, Func<BertConfig, double>? OfOther);
}
