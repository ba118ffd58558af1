using Replication.Glue;

namespace Replication.Studies;

/// <summary>A column of scores: how the paper's tables name it, and what is measured for it here.</summary>
/// <param name="Published">The task as the ledger names it, such as "MNLI-mm".</param>
/// <param name="PublishedMetric">The metric as the ledger names it.</param>
/// <param name="Task">The task.</param>
/// <param name="Split">Split that is measured here.</param>
/// <param name="Metric">Metric that is measured here.</param>
public sealed record ScoreColumn(string Published, string PublishedMetric, GlueTask Task, string Split, GlueMetric Metric)
{
    /// <summary>Such as "MRPC F1".</summary>
    public string Heading => $"{Published} {PublishedMetric}";

    /// <summary>Whether it is the metric that order claims compare by.</summary>
    public bool IsMain => Split == "dev" && Metric == Task.MainMetric;
}
