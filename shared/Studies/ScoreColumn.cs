using Replication.Claims;
using Replication.Glue;
using Replication.Glue.Race;
using Replication.Glue.Squad;

namespace Replication.Studies;

/// <summary>A column of scores: how the paper's tables name it, and what is measured for it here.</summary>
/// <param name="Published">The task as published.csv names it, such as "MNLI-mm".</param>
/// <param name="PublishedMetric">The metric as published.csv names it.</param>
/// <param name="Task">The task.</param>
/// <param name="Split">Split that is measured here.</param>
/// <param name="Metric">Metric that is measured here.</param>
public sealed record ScoreColumn(string Published, string PublishedMetric, GlueTask Task, string Split, GlueMetric Metric)
{
    private static readonly Dictionary<string, GlueMetric> Metrics = new(StringComparer.OrdinalIgnoreCase)
    {
        ["acc"] = GlueMetric.Accuracy, ["F1"] = GlueMetric.F1, ["MCC"] = GlueMetric.Matthews, ["Spearman"] = GlueMetric.Spearman,
        ["Pearson"] = GlueMetric.Pearson,
    };

    /// <summary>SQuAD 1.1, whose columns are read like a task's of GLUE: a model gives a start and an end.</summary>
    public static GlueTask Squad { get; } = new(TaskDownload.Squad1, ["start", "end"], IsPair: true, [GlueMetric.F1]);

    /// <summary>The metric's name among a run's scores.</summary>
    public string MetricName { get; init; } = GlueScorer.Name(Metric);

    /// <summary>Such as "MRPC F1".</summary>
    public string Heading => HeadingOf(Published, PublishedMetric);

    /// <summary>Whether it is the metric that order claims compare by.</summary>
    public bool IsMain => Split == "dev" && Metric == Task.MainMetric;

    /// <summary>A task's main metric on dev.</summary>
    public static ScoreColumn MainOf(GlueTask task) => new(task.Name, "", task, "dev", task.MainMetric);

    /// <summary>The column of a published score; null where the task is not measured, such as an average.</summary>
    /// <remarks>A metric whose name is none of GLUE's, such as "GLUE test corr.", is the task's main one.</remarks>
    public static ScoreColumn? Of(PublishedCell cell)
    {
        if (cell.Task == "SQuAD 1.1")
            return new ScoreColumn(cell.Task, cell.Metric, Squad, "dev", GlueMetric.F1)
            {
                MetricName = cell.Metric == "EM" ? SquadScorer.ExactMatch : SquadScorer.F1Name,
            };
        // RACE-M and RACE-H are the parts of its dev set.
        if (cell.Task is "RACE" or "RACE-M" or "RACE-H")
            return new ScoreColumn(
                cell.Task, cell.Metric, RaceEncoder.Task, cell.Task switch { "RACE-M" => "dev-middle", "RACE-H" => "dev-high", _ => "dev" },
                GlueMetric.Accuracy);
        var isMnli = cell.Task.StartsWith("MNLI-m", StringComparison.Ordinal);
        var task = GlueTasks.All.Append(GlueTasks.Imdb).FirstOrDefault(t => t.Name == (isMnli ? "MNLI" : cell.Task));
        return task is null ? null : new ScoreColumn(
            cell.Task, cell.Metric, task, cell.Task == "MNLI-mm" ? "dev-mm" : "dev",
            Metrics.TryGetValue(cell.Metric, out var metric) ? metric : task.MainMetric);
    }

    /// <summary>Task and metric; a metric that is a sentence or the word "score" is left out.</summary>
    internal static string HeadingOf(string task, string metric) =>
        metric.Length == 0 || metric == "score" || metric.Contains(' ', StringComparison.Ordinal) ? task : $"{task} {metric}";
}
