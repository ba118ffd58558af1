using Replication.Glue;

namespace Replication.DynaBERT.Report;

/// <summary>A column of Table 1: how the ledger names it, and what is measured for it here.</summary>
/// <param name="Published">The task as the ledger names it, such as "MNLI-mm".</param>
/// <param name="PublishedMetric">The metric as the ledger names it.</param>
/// <param name="Task">The task.</param>
/// <param name="Split">Split that is measured.</param>
/// <param name="Metric">Metric that is measured.</param>
internal sealed record ScoreColumn(string Published, string PublishedMetric, GlueTask Task, string Split, GlueMetric Metric)
{
    /// <summary>Table 1's columns.</summary>
    public static IReadOnlyList<ScoreColumn> OfThePaper { get; } =
    [
        new("CoLA", "MCC", GlueTasks.Cola, "dev", GlueMetric.Matthews),
        new("STS-B", "Spearman", GlueTasks.Stsb, "dev", GlueMetric.Spearman),
        new("MRPC", "acc", GlueTasks.Mrpc, "dev", GlueMetric.Accuracy),
        new("RTE", "acc", GlueTasks.Rte, "dev", GlueMetric.Accuracy),
        new("MNLI-m", "acc", GlueTasks.Mnli, "dev", GlueMetric.Accuracy),
        new("MNLI-mm", "acc", GlueTasks.Mnli, "dev-mm", GlueMetric.Accuracy),
        new("QQP", "acc", GlueTasks.Qqp, "dev", GlueMetric.Accuracy),
        new("QNLI", "acc", GlueTasks.Qnli, "dev", GlueMetric.Accuracy),
        new("SST-2", "acc", GlueTasks.Sst2, "dev", GlueMetric.Accuracy),
    ];

    /// <summary>The column that stands for a task in figures, ablations and orders.</summary>
    public static ScoreColumn OfTask(string task)
    {
        var glue = GlueTasks.Parse(task);
        return OfThePaper.FirstOrDefault(c => c.Task == glue && c.Split == "dev") ?? new ScoreColumn(glue.Name, "acc", glue, "dev", glue.MainMetric);
    }

    /// <summary>Such as "CoLA MCC".</summary>
    public string Heading => $"{Published} {PublishedMetric}";
}
