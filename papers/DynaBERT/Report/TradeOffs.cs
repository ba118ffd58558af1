using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Claims;
using Replication.Papers;
using Replication.Reporting;

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
        (string Id, string Axis, Func<SubNetwork, double>? Of)[] axes =
        [
            ("parameters", "Parameters (M)", part => Sizes.MillionParameters(part, geometry)),
            ("flops", "FLOPs (G), 128 tokens", part => Sizes.BillionFlops(part, geometry)),
            ("latency", "Latency (ms), one sequence of 128 tokens", timing is null ? null : part => 1000 * timing.Report.PassSeconds(part.Name).Median),
        ];
        foreach (var (id, axis, of) in axes)
        {
            if (of is not null)
                yield return new ScatterFigure(
                    $"{id}-{task.Task.ToLowerInvariant()}",
                    $"{task.Task}: score against {id}",
                    $"{column.Heading} on {task.Task}'s dev set against {id}, {results.Set.Settings.Teacher}'s geometry, {results.Profile} profile, mean over seeds.",
                    axis,
                    $"{column.Heading} (%)",
                    Series(results, task, column, geometry, of));
        }
    }

    private static IReadOnlyList<ScatterSeries> Series(Results results, TaskRuns task, ScoreColumn column, BertConfig geometry, Func<SubNetwork, double> of)
    {
        (double X, double Y, string? Label)? Point(IEnumerable<DynaBertSpec> runs, double width, double depth)
        {
            var scores = results.Scores(runs, column, width, depth);
            return scores.Count == 0 ? null : (of(SubNetwork.Of(geometry, width, depth, results.Set.Settings.Fidelity.Rule)), scores.Average(s => s.Value), FormattableString.Invariant($"{width}, {depth}"));
        }
        ScatterSeries[] series =
        [
            .. ProfileSettings.PapersDepths.Select(depth => new ScatterSeries(
                FormattableString.Invariant($"DynaBERT m_d={depth:0.0#}"),
                [.. ProfileSettings.PapersWidths.Select(width => Point(task.Seeds.Select(s => s.Final), width, depth)).OfType<(double, double, string?)>()])),
            new("trained alone", [.. task.Separate.Select(alone => Point(alone.Runs, alone.Width, alone.Depth)).OfType<(double, double, string?)>()]),
            new("teacher", results.Teacher(task, column) is { } teacher ? [(of(SubNetwork.Of(geometry, 1, 1)), teacher.Value, "teacher")] : []),
        ];
        return [.. series.Where(s => s.Points.Count > 0)];
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
}
