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

    /// <summary>Fact of a result: the learning rate, where another run decided it.</summary>
    public const string LearningRate = "learning rate";

    /// <summary>Keeps the first layers only; null for all.</summary>
    public int? Layers { get; init; }

    /// <summary>The search on held-out rows whose choice's learning rate is taken; null for the recipe's.</summary>
    public SelectionSpec? RateOf { get; init; }

    /// <inheritdoc/>
    public override RunIdentity Identity() => new(
        $"{(Layers is { } k ? $"{k} layers, labels only" : "fine-tuned")}{(RateOf is null ? Recipe.DescribeRate() : ", tuned rate")}"
            + (Selection.HoldOut > 0 ? ", held-out" : ""),
        Selection.Task, Seed);

    /// <inheritdoc/>
    public override IReadOnlyList<RunSpec> Needs() => RateOf is null ? [] : [RateOf];

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
        var recipe = RateOf is null ? Recipe : Recipe with { LearningRate = ChosenRate(RateOf, context.Need(RateOf).Result) };
        var result = TaskTraining.Train(context, model, data, recipe, Seed, BaseModel, new FineTuneObjective(model), cancellation);
        return RateOf is null ? result : result with
        {
            Facts = new SortedDictionary<string, double>(result.Facts.ToDictionary(), StringComparer.Ordinal)
            {
                [LearningRate] = recipe.LearningRate,
            },
        };
    }

    private static double ChosenRate(SelectionSpec search, RunResult result) =>
        ((TaskTrainingSpec)search.ChosenBy(result)).Recipe.LearningRate;

    private BertConfig Config(Workspace workspace)
    {
        var config = workspace.Models.Config(BaseModel);
        return Layers is { } layers ? config with { NumHiddenLayers = layers } : config;
    }
}
