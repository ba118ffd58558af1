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

/// <summary>The same from a pretrained model, whose vocabulary is used.</summary>
public abstract record ModelTrainingSpec : TaskTrainingSpec
{
    /// <summary>Pretrained model by name or folder.</summary>
    public required string BaseModel { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace) =>
        [.. Selection.Inputs(workspace), workspace.Models.Input(BaseModel)];

    /// <summary>The rows, tokenised.</summary>
    protected TaskData Load(Workspace workspace) => TaskData.Load(workspace, Selection, BaseModel, Recipe.MaxLength);
}
