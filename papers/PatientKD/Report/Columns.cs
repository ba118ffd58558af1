using Replication.Glue;
using Replication.Studies;

namespace Replication.PatientKD.Report;

/// <summary>The columns of scores in the paper's tables.</summary>
internal static class Columns
{
    /// <summary>Columns of Tables 1, 2 and 5.</summary>
    public static IReadOnlyList<ScoreColumn> OfThePaper { get; } =
    [
        new("SST-2", "acc", GlueTasks.Sst2, "dev", GlueMetric.Accuracy),
        new("MRPC", "F1", GlueTasks.Mrpc, "dev", GlueMetric.F1),
        new("MRPC", "acc", GlueTasks.Mrpc, "dev", GlueMetric.Accuracy),
        new("QQP", "F1", GlueTasks.Qqp, "dev", GlueMetric.F1),
        new("QQP", "acc", GlueTasks.Qqp, "dev", GlueMetric.Accuracy),
        new("MNLI-m", "acc", GlueTasks.Mnli, "dev", GlueMetric.Accuracy),
        new("MNLI-mm", "acc", GlueTasks.Mnli, "dev-mm", GlueMetric.Accuracy),
        new("QNLI", "acc", GlueTasks.Qnli, "dev", GlueMetric.Accuracy),
        new("RTE", "acc", GlueTasks.Rte, "dev", GlueMetric.Accuracy),
    ];

    /// <summary>The paper's columns, then one for each metric of the tasks that it has not.</summary>
    public static IReadOnlyList<ScoreColumn> For(IEnumerable<GlueTask> tasks) =>
    [
        .. OfThePaper,
        .. from task in tasks
           where OfThePaper.All(column => column.Task != task)
           from metric in task.Metrics
           select new ScoreColumn(task.Name, GlueScorer.Name(metric), task, "dev", metric),
    ];

    /// <summary>Whether the paper prints it.</summary>
    public static bool IsPublished(ScoreColumn column) => OfThePaper.Contains(column);
}
