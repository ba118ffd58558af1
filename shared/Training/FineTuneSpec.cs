using Replication.Bert;
using Replication.Glue;
using Replication.Runs;
using TorchSharp;

namespace Replication.Training;

/// <summary>
/// Fine-tunes a pretrained model, or its first layers, on a task's labels: the papers' teachers, and the students without a teacher.
/// </summary>
public sealed record FineTuneSpec : ModelTrainingSpec
{
    /// <inheritdoc/>
    public override string Kind => "fine-tune";

    /// <summary>Keeps the first layers only; null for all.</summary>
    public int? Layers { get; init; }

    /// <inheritdoc/>
    public override RunIdentity Identity() => new(
        $"{(Layers is { } k ? $"{k} layers, labels only" : "fine-tuned")}{Recipe.DescribeRate()}"
            + (Selection.HoldOut > 0 ? ", held-out" : ""),
        Selection.Task, Seed);

    /// <inheritdoc/>
    public override RunWork EstimateWork(Workspace workspace) =>
        TaskTraining.Work(Load(workspace), Config(workspace), Recipe);

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var workspace = context.Workspace;
        var data = Load(workspace);
        using var model = data.Task.NewClassifier(workspace.Models.Folder(BaseModel), Seed, Layers);
        model.to(workspace.Device);
        return TaskTraining.Train(context, model, data, Recipe, Seed, BaseModel, new FineTuneObjective(model), cancellation);
    }

    private BertConfig Config(Workspace workspace)
    {
        var config = workspace.Models.Config(BaseModel);
        return Layers is { } layers ? config with { NumHiddenLayers = layers } : config;
    }
}
