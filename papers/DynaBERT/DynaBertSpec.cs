using Replication.Augmentation;
using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Distillation;
using Replication.Glue;
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
    /// <inheritdoc/>
    public override string Kind => "dynabert";

    /// <inheritdoc/>
    public override int Version => Rewiring == ImportanceGradients.CarriedOver ? 2 : 1;

    /// <summary>What the stage is called.</summary>
    [NotInKey]
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

    /// <summary>The augmented rows; null for the original ones alone.</summary>
    public AugmentationSpec? Augmentation { get; init; }

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
    public override RunIdentity Identity() => new(Stage, Selection.Task, Seed);

    /// <inheritdoc/>
    public override IReadOnlyList<RunSpec> Needs() =>
        [Start, .. Teacher is null || Teacher == Start ? (RunSpec[])[] : [Teacher], .. Augmentation is null ? (RunSpec[])[] : [Augmentation]];

    /// <inheritdoc/>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace) => [.. Selection.Inputs(workspace), workspace.Models.Input(BaseModel)];

    /// <summary>Training with the teacher's passes, and measured rows. Importance is measured once for all runs of a start and not counted.</summary>
    public override RunWork EstimateWork(Workspace workspace)
    {
        var config = ModelFolder.ReadConfig(workspace.Models.Folder(BaseModel));
        var data = TaskData.Load(workspace, Selection, BaseModel, Recipe.MaxLength);
        var parts = Parts(config).Select(part => part.Config(config)).ToList();
        var multiple = TaskRows.Multiple(Augmentation);
        var (share, evaluations) = TaskTraining.Length(multiple * data.Train.Examples.Count, Recipe);
        var passes = multiple * Recipe.Epochs * share;
        double[] teachers = Teacher is null ? [] : TeacherWidth == TeacherWidth.Full ? [1] : [.. Widths];
        var evaluation = data.Evaluations.Sum(e => parts.Sum(part => TaskTraining.Flops(e.Data, part)));
        var between = Recipe.KeepsBest ? evaluation : data.Evaluations.Sum(e => TaskTraining.Flops(e.Data, parts[0]));
        return RunWork.Training(Recipe.Precision, passes * 3 * parts.Sum(part => TaskTraining.Flops(data.Train, part, Recipe)))
            + RunWork.Inference(Recipe.Precision, passes * teachers.Sum(width => TaskTraining.Flops(data.Train, SubNetwork.Of(config, width, 1).Config(config), Recipe)))
            + RunWork.Inference(Precision.Fp32, evaluation + (Math.Max(0, evaluations - 1) * between));
    }

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var workspace = context.Workspace;
        var data = TaskRows.Load(context, Selection, BaseModel, Recipe.MaxLength, Augmentation);
        using var network = Open(context, Start, data.Task);
        var parts = Parts(network.Config);
        var importance = Rewiring is { } gradients ? ImportanceOf(context, network, data, gradients, cancellation) : null;
        if (importance is not null)
            Bert.SubNetworks.Rewiring.Apply(network, importance);
        using var teacher = Teacher is null ? null : Open(context, Teacher, data.Task);
        if (teacher is not null)
            teacher.Precision = Recipe.Precision;
        var objective = new DynaBertObjective(network, parts, Rule, Loss, teacher is null ? null : new DistillationTeacher(teacher, TeacherWidth));
        var scores = new SubNetworkScores(network, parts, data, workspace.Device) { Progress = context.Progress };
        var result = TaskTraining.Train(context, network, data, Recipe, Seed, BaseModel, objective, cancellation, scores.Sum);
        return (result with
        {
            Scores = scores.All(result.Scores, cancellation),
            Samples = importance is null ? result.Samples : DevImportance.Samples(importance),
        }).WithMeasuredRows(data);
    }

    // Runs that start from one network, such as all first stages of a task, share what is measured on it.
    private Importance ImportanceOf(
        RunContext context, BertForSequenceClassification network, TaskData data, ImportanceGradients gradients, CancellationToken cancellation) =>
        context.Workspace.Memo.GetOrMake(
            $"importance {context.Need(Start).Manifest.Key} {Selection} {BaseModel} {Recipe.MaxLength} {gradients}",
            () => DevImportance.Measure(network, data, gradients, context.Workspace.Device, cancellation));

    /// <summary>The sub-networks of a geometry.</summary>
    public IReadOnlyList<SubNetwork> Parts(BertConfig config) => SubNetwork.Grid(config, Widths, Depths, Rule);

    private static BertForSequenceClassification Open(RunContext context, RunSpec spec, GlueTask task)
    {
        var run = context.Need(spec);
        TeacherGuard.Check(run.ModelFolder, task);
        var model = task.OpenClassifier(run.ModelFolder);
        model.to(context.Workspace.Device);
        return model;
    }
}
