using Replication.Claims;
using Replication.Glue;
using Replication.Studies;

namespace Replication.TinyBERT.Report;

/// <summary>Columns of scores: what the ledger's names mean here.</summary>
internal static class Columns
{
    /// <summary>The column that a published dev score stands in.</summary>
    public static ScoreColumn Of(PublishedCell cell)
    {
        var task = GlueTasks.Parse(cell.Task.Split("-m")[0]);
        return new ScoreColumn(cell.Task, cell.Metric, task, cell.Task == "MNLI-mm" ? "dev-mm" : "dev", cell.Metric switch
        {
            "acc" => GlueMetric.Accuracy,
            "F1" => GlueMetric.F1,
            "MCC" => GlueMetric.Matthews,
            "Spearman" => GlueMetric.Spearman,
            "Pearson" => GlueMetric.Pearson,
            _ => throw new ArgumentException($"{cell.Metric} is no metric of GLUE.", nameof(cell)),
        });
    }

    /// <summary>The columns that are measured: each task's main metric on dev, and MNLI's on its second dev set.</summary>
    public static IReadOnlyList<(ScoreColumn Column, TaskRuns Task)> Measured(Results results) =>
    [
        .. from task in results.Set.Tasks
           let main = OfTask(task.Task)
           from column in task.Task == GlueTasks.Mnli.Name ? (ScoreColumn[])[main, main with { Published = "MNLI-mm", Split = "dev-mm" }] : [main]
           select (column, task),
    ];

    /// <summary>A task's main metric on dev.</summary>
    public static ScoreColumn OfTask(string task)
    {
        var glue = GlueTasks.Parse(task);
        return new ScoreColumn(glue.Name, "", glue, "dev", glue.MainMetric);
    }
}
