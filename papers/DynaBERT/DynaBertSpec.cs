using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Distillation;
using Replication.Glue;
using Replication.Measurements;
using Replication.Runs;
using Replication.Training;
using TorchSharp;

namespace Replication.DynaBERT;

/// <summary>
/// One stage of training on a set of sub-networks at once: DynaBERT_W (widths), DynaBERT (widths and depths), the final
/// fine-tuning, or one sub-network alone. Ends with every sub-network's scores.
/// </summary>
public sealed record DynaBertSpec : RunSpec
{
    /// <summary>Fact of a result: rows of the first split that was measured.</summary>
    public const string MeasuredRows = "measured rows";

    /// <summary>Fact of a result: share of its larger class.</summary>
    public const string LargerClass = "share of the larger class";

    /// <inheritdoc/>
    public override string Kind => "dynabert";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <summary>What the stage is called.</summary>
    public required string Stage { get; init; }

    /// <summary>The rows.</summary>
    public required TaskSelection Selection { get; init; }

    /// <summary>Pretrained model behind it all, whose vocabulary is used.</summary>
    public required string BaseModel { get; init; }

    /// <summary>The run whose model is trained on.</summary>
    public required RunSpec Start { get; init; }

    /// <summary>The run whose model teaches; null to learn from the labels alone.</summary>
    public RunSpec? Teacher { get; init; }

    /// <summary>Loss against the teacher; null with <see cref="Teacher"/>.</summary>
    public DistillationLoss? Loss { get; init; }

    /// <summary>Which width of the teacher teaches.</summary>
    public TeacherWidth TeacherWidth { get; init; } = TeacherWidth.SameAsStudent;

    /// <summary>Rewires the network before the first step, by importance on the dev set measured in this way; null to leave it.</summary>
    public ImportanceGradients? Rewiring { get; init; }

    /// <summary>Width multipliers that are trained.</summary>
    public required IReadOnlyList<double> Widths { get; init; }

    /// <summary>Depth multipliers that are trained.</summary>
    public required IReadOnlyList<double> Depths { get; init; }

    /// <summary>Which layers a shallower sub-network keeps.</summary>
    public DepthRule Rule { get; init; } = DepthRule.Paper;

    /// <summary>How it is trained.</summary>
    public required TrainingRecipe Recipe { get; init; }

    /// <summary>Seed of the data order and the dropout.</summary>
    public required int Seed { get; init; }

    /// <summary>Name of a sub-network's scores in the result.</summary>
    /// <param name="split">Such as "dev".</param>
    /// <param name="width">m_w.</param>
    /// <param name="depth">m_d.</param>
    public static string ScoreName(string split, double width, double depth) => $"{split}, {SubNetwork.NameOf(width, depth)}";

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"{Selection.Task} {Stage}, seed {Seed}");

    /// <inheritdoc/>
    public override IReadOnlyList<RunSpec> Needs() => Teacher is null || Teacher == Start ? [Start] : [Start, Teacher];

    /// <inheritdoc/>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace) => [.. Selection.Inputs(workspace), workspace.Models.Input(BaseModel)];

    /// <inheritdoc/>
    public override RunWork EstimateWork(Workspace workspace)
    {
        var config = ModelFolder.ReadConfig(workspace.Models.Folder(BaseModel));
        var data = TaskData.Load(workspace, Selection, BaseModel, Recipe.MaxLength);
        double Forward(BertConfig geometry, EncodedDataset rows) => rows.Examples.Sum(e => (double)ModelSize.Flops(geometry, e.InputIds.Length));
        var parts = Parts(config).Select(part => (part.Width, Config: part.Config(config))).ToList();
        var passes = Recipe.Epochs * (Recipe.MaxSteps is { } steps ? Math.Min(1, steps * (double)Recipe.BatchSize / (data.Train.Examples.Count * Recipe.Epochs)) : 1);
        double[] teachers = Teacher is null ? [] : TeacherWidth == TeacherWidth.Full ? [1] : [.. Widths];
        var work = new RunWork(
            3 * passes * parts.Sum(part => Forward(part.Config, data.Train)),
            (passes * teachers.Sum(width => Forward(SubNetwork.Of(config, width, 1).Config(config), data.Train)))
                + data.Evaluations.Sum(e => parts.Sum(part => Forward(part.Config, e.Data)) + (Recipe.Epochs * Forward(parts[0].Config, e.Data))));
        return Rewiring is null ? work : work + new RunWork(data.Evaluations.Sum(e => 3 * Forward(config, e.Data)), 0);
    }

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var workspace = context.Workspace;
        var data = TaskData.Load(workspace, Selection, BaseModel, Recipe.MaxLength);
        using var network = Open(context, Start, data.Task);
        var parts = Parts(network.Config);
        var samples = new SortedDictionary<string, IReadOnlyList<double>>(StringComparer.Ordinal);
        if (Rewiring is { } gradients)
            DevImportance.Rewire(network, data, gradients, workspace.Device, samples, cancellation);
        using var teacher = Teacher is null ? null : Open(context, Teacher, data.Task);
        if (teacher is not null)
            teacher.Precision = Recipe.Precision;
        var objective = new DynaBertObjective(network, parts, Rule, Loss, teacher is null ? null : new DistillationTeacher(teacher, TeacherWidth));
        var result = TaskTraining.Train(context, network, data, Recipe, Seed, BaseModel, objective, cancellation);
        return result with { Scores = Scores(network, parts, data, workspace.Device, cancellation), Facts = WithFacts(result.Facts, data), Samples = samples };
    }

    /// <summary>The sub-networks of a geometry.</summary>
    public IReadOnlyList<SubNetwork> Parts(BertConfig config) => SubNetwork.Grid(config, Widths, Depths, Rule);

    private static BertForSequenceClassification Open(RunContext context, RunSpec spec, GlueTask task)
    {
        var run = context.Need(spec);
        TeacherGuard.Check(run.ModelFolder, task);
        var model = ModelFolder.OpenClassifier(run.ModelFolder, task.Outputs);
        model.to(context.Workspace.Device);
        return model;
    }

    private static IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> Scores(
        BertForSequenceClassification network, IReadOnlyList<SubNetwork> parts, TaskData data, torch.Device device, CancellationToken cancellation)
    {
        var scores = new SortedDictionary<string, IReadOnlyDictionary<string, double?>>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            network.SubNetwork = part;
            foreach (var (split, rows) in data.Evaluations)
                scores[ScoreName(split, part.Width, part.Depth)] = Evaluator.Evaluate(network, rows, device, cancellation).Scores;
        }
        network.SubNetwork = null;
        return scores;
    }

    // What a score on dev is worth.
    private static IReadOnlyDictionary<string, double> WithFacts(IReadOnlyDictionary<string, double> facts, TaskData data)
    {
        var measured = data.Evaluations[0].Data.Examples;
        var all = new SortedDictionary<string, double>(facts.ToDictionary(), StringComparer.Ordinal) { [MeasuredRows] = measured.Count };
        if (!data.Task.IsRegression)
            all[LargerClass] = measured.GroupBy(example => example.Label).Max(g => g.Count()) / (double)measured.Count;
        return all;
    }
}
