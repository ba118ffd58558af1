namespace Replication.Glue;

/// <summary>GLUE's official metrics.</summary>
public enum GlueMetric
{
    /// <summary>Share of right predictions.</summary>
    Accuracy,

    /// <summary>F1 of the class with index 1.</summary>
    F1,

    /// <summary>Matthews correlation.</summary>
    Matthews,

    /// <summary>Pearson correlation.</summary>
    Pearson,

    /// <summary>Spearman rank correlation.</summary>
    Spearman,
}

/// <summary>A part of a task's data.</summary>
public enum GlueSplit
{
    /// <summary>Training set.</summary>
    Train,

    /// <summary>Development set; for MNLI the matched one.</summary>
    Dev,

    /// <summary>MNLI's mismatched development set.</summary>
    DevMismatched,

    /// <summary>Test set, labels hidden; for MNLI the matched one.</summary>
    Test,

    /// <summary>MNLI's mismatched test set, labels hidden.</summary>
    TestMismatched,
}

/// <summary>One of GLUE's nine tasks, or one beside them that is read, trained on and scored like one.</summary>
/// <param name="Name">As GLUE writes it, such as SST-2.</param>
/// <param name="Labels">Class names in the order of their indices on the hub; empty for regression.</param>
/// <param name="IsPair">Whether a row has two sentences.</param>
/// <param name="Metrics">The official metrics; the first is the one that selects models and that tables show.</param>
public sealed record GlueTask(string Name, IReadOnlyList<string> Labels, bool IsPair, IReadOnlyList<GlueMetric> Metrics)
{
    /// <summary>Texts of a row: the options of a multiple choice, of which the label is one; 1 for every task of GLUE.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>Whether the label is a score (STS-B, 0 to 5).</summary>
    public bool IsRegression => Labels.Count == 0;

    /// <summary>Outputs of the classifier: the number of classes, or 1 for regression.</summary>
    public int Outputs => IsRegression ? 1 : Labels.Count;

    /// <summary>The metric that selects models.</summary>
    public GlueMetric MainMetric => Metrics[0];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
