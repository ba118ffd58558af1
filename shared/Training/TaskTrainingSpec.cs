using Replication.Runs;

namespace Replication.Training;

/// <summary>A run that trains a classifier on a task.</summary>
public abstract record TaskTrainingSpec : RunSpec
{
    /// <summary>The rows.</summary>
    public required TaskSelection Selection { get; init; }

    /// <summary>How it is trained.</summary>
    public required TrainingRecipe Recipe { get; init; }

    /// <summary>Seed of new weights, the order of the rows and the dropout.</summary>
    public required int Seed { get; init; }
}
