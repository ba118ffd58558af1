namespace Replication.Glue;

/// <summary>Scores a model's outputs on a split as GLUE does.</summary>
public static class GlueScorer
{
    /// <summary>The task's official metrics by lower-case name, as fractions; null where one is undefined.</summary>
    /// <param name="task">The task.</param>
    /// <param name="logits">The model's outputs, a row each: one number a class, or the score alone.</param>
    /// <param name="labels">Class indices or scores.</param>
    /// <exception cref="ReplicationException">The labels are hidden, or an output is not a finite number.</exception>
    public static IReadOnlyDictionary<string, double?> Score(GlueTask task, IReadOnlyList<float[]> logits, IReadOnlyList<float> labels)
    {
        if (logits.Count != labels.Count)
            throw new ArgumentException($"There are {logits.Count} outputs for {labels.Count} labels.", nameof(logits));
        if (labels.Any(float.IsNaN))
            throw new ReplicationException(
                $"The labels of this {task} split are hidden, so it cannot be scored here; write a submission file for GLUE's server.");

        var predicted = Predictions(task, logits).Select(value => (double)value).ToArray();
        var expected = labels.Select(value => (double)value).ToArray();
        var scores = new SortedDictionary<string, double?>(StringComparer.Ordinal);
        foreach (var metric in task.Metrics)
            scores[Name(metric)] = Score(metric, predicted, expected);
        return scores;
    }

    /// <summary>One metric as a fraction; null where it is undefined.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="predictions">Class indices or scores.</param>
    /// <param name="labels">The same of the truth.</param>
    public static double? Score(GlueMetric metric, IReadOnlyList<double> predictions, IReadOnlyList<double> labels)
    {
        return metric switch
        {
            GlueMetric.Pearson => Metrics.Pearson(predictions, labels),
            GlueMetric.Spearman => Metrics.Spearman(predictions, labels),
            GlueMetric.Accuracy => Metrics.Accuracy(Classes(predictions), Classes(labels)),
            GlueMetric.F1 => Metrics.F1(Classes(predictions), Classes(labels)),
            GlueMetric.Matthews => Metrics.Matthews(Classes(predictions), Classes(labels)),
            _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "Unknown metric."),
        };

        static int[] Classes(IReadOnlyList<double> values) => [.. values.Select(value => (int)value)];
    }

    /// <summary>The class with the largest output (the first of equals), or the score itself.</summary>
    /// <exception cref="ReplicationException">An output is not a finite number.</exception>
    public static float[] Predictions(GlueTask task, IReadOnlyList<float[]> logits)
    {
        var predictions = new float[logits.Count];
        for (var row = 0; row < predictions.Length; row++)
        {
            var outputs = logits[row];
            if (outputs.Length != task.Outputs)
                throw new ArgumentException($"Row {row} has {outputs.Length} outputs; {task} has {task.Outputs}.", nameof(logits));
            if (outputs.Any(value => !float.IsFinite(value)))
                throw new ReplicationException(
                    $"The model's output for row {row} of {task} is not a finite number; its training diverged.");
            predictions[row] = task.IsRegression ? outputs[0] : Array.IndexOf(outputs, outputs.Max());
        }
        return predictions;
    }

    /// <summary>How a metric is named in results, such as "matthews".</summary>
    public static string Name(GlueMetric metric) => metric.ToString().ToLowerInvariant();
}
