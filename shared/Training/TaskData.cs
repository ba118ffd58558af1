using Replication.Glue;

namespace Replication.Training;

/// <summary>Which rows of a task a run trains on and what it is measured on; part of a run's spec.</summary>
public sealed record TaskSelection
{
    /// <summary>The task's name, such as SST-2.</summary>
    public required string Task { get; init; }

    /// <summary>Uses only the first rows of the training set; null for all.</summary>
    public int? Rows { get; init; }

    /// <summary>Share of the training rows that is held out and measured instead of the dev set, 0 for none; for choosing hyper-parameters.</summary>
    public double HoldOut { get; init; }
}

/// <summary>A task's data, tokenised.</summary>
/// <param name="Task">The task.</param>
/// <param name="Train">Training rows.</param>
/// <param name="Evaluations">What is measured, by name: "dev" (and "dev-mm" for MNLI), or "held-out".</param>
public sealed record TaskData(GlueTask Task, EncodedDataset Train, IReadOnlyList<(string Name, EncodedDataset Data)> Evaluations);
