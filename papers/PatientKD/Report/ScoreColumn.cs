using Replication.Glue;

namespace Replication.PatientKD.Report;

/// <summary>A column of scores: how the paper's tables name it, and what is measured for it here.</summary>
/// <param name="Published">The task as the ledger names it, such as "MNLI-mm".</param>
/// <param name="PublishedMetric">The metric as the ledger names it.</param>
/// <param name="Task">The task.</param>
/// <param name="Split">Split that is measured here.</param>
/// <param name="Metric">Metric that is measured here.</param>
internal sealed record ScoreColumn(string Published, string PublishedMetric, GlueTask Task, string Split, GlueMetric Metric)
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

    /// <summary>Such as "MRPC F1".</summary>
    public string Heading => $"{Published} {PublishedMetric}";

    /// <summary>Whether the paper prints it.</summary>
    public bool IsPublished => OfThePaper.Contains(this);

    /// <summary>Whether it is the metric that order claims compare by.</summary>
    public bool IsMain => Split == "dev" && Metric == Task.MainMetric;
}
