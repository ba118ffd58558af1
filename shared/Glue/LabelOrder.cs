namespace Replication.Glue;

/// <summary>Where a task's classes are among a model's outputs, found by their names.</summary>
public sealed class LabelOrder
{
    private readonly int[] _places;

    private LabelOrder(int[] places, bool isAssumed) => (_places, IsAssumed) = (places, isAssumed);

    /// <summary>Whether the model names no classes, so that the task's order had to be assumed.</summary>
    public bool IsAssumed { get; }

    /// <summary>Finds the order.</summary>
    /// <param name="folder">The model's folder, for messages.</param>
    /// <param name="labels">The model's classes in the order of its outputs; none for a model that gives a score.</param>
    /// <param name="task">The task.</param>
    /// <exception cref="ReplicationException">The model has another number of outputs, or names of other classes.</exception>
    public static LabelOrder Of(string folder, IReadOnlyList<string> labels, GlueTask task)
    {
        var outputs = Math.Max(1, labels.Count);
        if (outputs != task.Outputs)
            throw new ReplicationException(
                $"The model in {folder} has {outputs} outputs where {task} needs {task.Outputs}; take a model that was fine-tuned on "
                + $"{task}.");
        int[] same = [.. Enumerable.Range(0, outputs)];
        if (task.IsRegression)
            return new LabelOrder(same, isAssumed: false);
        // LABEL_0, LABEL_1, ... say nothing about what they stand for.
        if (labels.All(label => label.StartsWith("LABEL_", StringComparison.Ordinal)))
            return new LabelOrder(same, isAssumed: true);
        var names = labels.Select(Plain).ToList();
        int[] places = [.. task.Labels.Select(label => names.IndexOf(Plain(label)))];
        return !places.Contains(-1) ? new LabelOrder(places, isAssumed: false) : throw new ReplicationException(
            $"The model in {folder} has the labels {string.Join(", ", labels)} where {task} has {string.Join(", ", task.Labels)}; "
                + $"fine-tune it on this data, or correct id2label in its config.json.");
    }

    /// <summary>The outputs of the task's classes, in its order.</summary>
    public IReadOnlyList<int> Places => _places;

    /// <summary>A row's outputs in the task's order.</summary>
    public float[] Sort(float[] outputs) => Array.ConvertAll(_places, place => outputs[place]);

    // "Not entailment" is not_entailment.
    private static string Plain(string label) => string.Concat(label.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
