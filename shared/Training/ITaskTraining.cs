namespace Replication.Training;

/// <summary>A run that trains a classifier on a task: what signatures say of it.</summary>
public interface ITaskTraining
{
    /// <summary>The rows.</summary>
    TaskSelection Selection { get; }

    /// <summary>How it is trained.</summary>
    TrainingRecipe Recipe { get; }
}
