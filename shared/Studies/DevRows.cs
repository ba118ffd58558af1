using Replication.Claims;
using Replication.Glue;
using Replication.Runs;

namespace Replication.Studies;

/// <summary>What other rows of the dev set would say of an order, where the runs have kept what they said of each row.</summary>
internal static class DevRows
{
    /// <summary>
    /// The multi-bootstrap interval over replicates and rows; null where a run has kept no predictions, or replicates lack a task.
    /// </summary>
    /// <param name="order">Name of the order, which decides the draws.</param>
    /// <param name="tasks">The pairs of each task.</param>
    public static Interval? Interval(string order, IReadOnlyList<(ScoreColumn Column, IReadOnlyList<ScoredDifference> Pairs)> tasks)
    {
        if (tasks.Count == 0 || tasks[0].Pairs.Count < 2 || tasks.Any(t => t.Pairs.Count != tasks[0].Pairs.Count))
            return null;
        var scored = tasks.Select(task => Scored(task.Column, task.Pairs)).ToList();
        return scored.Contains(null)
            ? null
            : MultiBootstrap.Interval([.. scored.OfType<ScoredTask>()], new RandomStream(seed: 0, $"dev rows, {order}"));
    }

    private static ScoredTask? Scored(ScoreColumn column, IReadOnlyList<ScoredDifference> pairs)
    {
        var rows = 0;
        var scored = new List<ScoredPair>();
        foreach (var pair in pairs.OrderBy(p => p.Difference.Replicate))
        {
            var (better, worse) = (Predictions(pair.Better.Run, column.Split), Predictions(pair.Worse.Run, column.Split));
            if (better.Count == 0 || better.Count != worse.Count || (rows > 0 && better.Count != rows))
                return null;
            rows = better.Count;
            scored.Add(new ScoredPair(Of(column.Metric, better), Of(column.Metric, worse)));
        }
        return new ScoredTask(column.Task.Name, rows, scored);
    }

    private static IReadOnlyList<RowPrediction> Predictions(FinishedRun run, string split) =>
        [.. run.Predictions.Where(row => row.Split == split && row.Label is not null).OrderBy(row => row.Row)];

    // In points, as scores are; rows that leave a metric undefined count as no relation.
    private static RowScore Of(GlueMetric metric, IReadOnlyList<RowPrediction> all) => rows =>
    {
        var (predicted, labels) = (new double[rows.Length], new double[rows.Length]);
        for (var i = 0; i < rows.Length; i++)
            (predicted[i], labels[i]) = (all[rows[i]].Prediction, all[rows[i]].Label!.Value);
        return 100 * (GlueScorer.Score(metric, predicted, labels) ?? 0);
    };
}
