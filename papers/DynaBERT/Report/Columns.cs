using Replication.Glue;
using Replication.Studies;

namespace Replication.DynaBERT.Report;

/// <summary>The columns of scores in the paper's tables.</summary>
internal static class Columns
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
}
