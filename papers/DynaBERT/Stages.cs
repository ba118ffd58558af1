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
public sealed record DynaBertSpec : ModelTrainingSpec
{
    /// <inheritdoc/>
    public override string Kind => "dynabert";

    /// <inheritdoc/>
    public override int Version => Rewiring == ImportanceGradients.CarriedOver ? 2 : 1;

    /// <summary>What the stage is called.</summary>
    [NotInKey]
    public required string Stage { get; init; }

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

    /// <inheritdoc/>
    public override RunIdentity Identity() => new(Stage, Selection.Task, Seed);

    /// <inheritdoc/>
    public override IReadOnlyList<RunSpec> Needs() =>
        [.. new RunSpec?[] { Start, Teacher == Start ? null : Teacher, Augmentation }.OfType<RunSpec>()];

    /// <summary>Training, the teacher's passes, measured rows; importance, measured once for all runs of a start, is left out.</summary>
    public override RunWork EstimateWork(Workspace workspace)
    {
        var config = workspace.Models.Config(BaseModel);
        var data = Load(workspace);
        var parts = Parts(config).Select(part => part.Config(config)).ToList();
        var multiple = TaskRows.Multiple(Augmentation);
        var (share, evaluations) = TaskTraining.Length(multiple * data.Train.Examples.Count, Recipe);
        var passes = multiple * Recipe.Epochs * share;
        double[] teachers = Teacher is null ? [] : TeacherWidth == TeacherWidth.Full ? [1] : [.. Widths];
        double Forward(BertConfig model) => TaskTraining.Flops(data.Train, model, Recipe);
        var evaluation = data.Evaluations.Sum(e => parts.Sum(part => TaskTraining.Flops(e.Data, part)));
        var between = Recipe.KeepsBest ? evaluation : data.Evaluations.Sum(e => TaskTraining.Flops(e.Data, parts[0]));
        return RunWork.Training(Recipe.Precision, passes * 3 * parts.Sum(Forward))
            + RunWork.Inference(Recipe.Precision, passes * teachers.Sum(width => Forward(SubNetwork.Of(config, width, 1).Config(config))))
            + RunWork.Inference(Precision.Fp32, evaluation + (Math.Max(0, evaluations - 1) * between));
    }

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var workspace = context.Workspace;
        var data = TaskRows.Load(context, Selection, BaseModel, Recipe.MaxLength, Augmentation);
        using var network = TeacherGuard.Open(context, Start, data.Task);
        var parts = Parts(network.Config);
        var importance = Rewiring is { } gradients ? ImportanceOf(context, network, data, gradients, cancellation) : null;
        if (importance is not null)
            Bert.SubNetworks.Rewiring.Apply(network, importance);
        using var teacher = Teacher is null ? null : TeacherGuard.Open(context, Teacher, data.Task);
        if (teacher is not null)
            teacher.Precision = Recipe.Precision;
        var objective = new DynaBertObjective(
            network, parts, Rule, Loss, teacher is null ? null : new DistillationTeacher(teacher, TeacherWidth));
        var scores = new SubNetworkScores(network, parts, data, workspace.Device, context.Progress);
        var result = TaskTraining.Train(context, network, data, Recipe, Seed, BaseModel, objective, cancellation, scores.Sum);
        return (result with
        {
            Scores = scores.All(result.Scores, cancellation),
            Samples = importance is null ? result.Samples : DevImportance.Samples(importance),
        }).WithMeasuredRows(data);
    }

    // Runs that start from one network, such as all first stages of a task, share what is measured on it.
    private Importance ImportanceOf(
        RunContext context, BertForSequenceClassification network, TaskData data, ImportanceGradients gradients,
        CancellationToken cancellation) =>
        context.Workspace.Cache.GetOrMake(
            $"importance {context.Need(Start).Manifest.Key} {Selection} {BaseModel} {Recipe.MaxLength} {gradients}",
            () => DevImportance.Measure(network, data, gradients, context.Workspace.Device, cancellation));

    /// <summary>The sub-networks of a geometry.</summary>
    public IReadOnlyList<SubNetwork> Parts(BertConfig config) => SubNetwork.Grid(config, Widths, Depths, Rule);
}

/// <summary>Scores of a network's sub-networks; between evaluations it is set to the first of them, as while it is trained.</summary>
/// <param name="network">The network.</param>
/// <param name="parts">Its sub-networks.</param>
/// <param name="data">What is measured.</param>
/// <param name="device">Where it computes.</param>
/// <param name="progress">Is told of each evaluation.</param>
internal sealed class SubNetworkScores(
    BertForSequenceClassification network, IReadOnlyList<SubNetwork> parts, TaskData data, torch.Device device, IRunProgress progress)
{
    /// <summary>The scores of all, by <see cref="SubNetwork.ScoreName"/>.</summary>
    /// <param name="ofFirst">Those of the first sub-network by split, which training has measured.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> All(
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> ofFirst, CancellationToken cancellation) =>
        new SortedDictionary<string, IReadOnlyDictionary<string, double?>>(
            data.Evaluations.SelectMany(e => Of(e.Data, ofFirst[e.Name], cancellation).Select(s => (e.Name, s.Part, s.Metrics)))
                .ToDictionary(s => SubNetwork.ScoreName(s.Name, s.Part.Width, s.Part.Depth), s => s.Metrics),
            StringComparer.Ordinal);

    /// <summary>
    /// The sum over the sub-networks of the main metric on the first split, by which the authors' program chooses the weights that
    /// it keeps. An undefined metric, such as a correlation with a constant, counts as the lowest, -1.
    /// </summary>
    /// <inheritdoc cref="All" path="/param"/>
    public double Sum(IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> ofFirst, CancellationToken cancellation)
    {
        var (split, rows) = data.Evaluations[0];
        var metric = GlueScorer.Name(data.Task.MainMetric);
        return Of(rows, ofFirst[split], cancellation).Sum(score => score.Metrics[metric] ?? -1);
    }

    private IEnumerable<(SubNetwork Part, IReadOnlyDictionary<string, double?> Metrics)> Of(
        EncodedDataset rows, IReadOnlyDictionary<string, double?> ofFirst, CancellationToken cancellation)
    {
        yield return (parts[0], ofFirst);
        foreach (var part in parts.Skip(1))
        {
            network.SubNetwork = part;
            var what = FormattableString.Invariant($"evaluating width {part.Width}, depth {part.Depth}");
            void Heard(int done) => progress.Aside(what, done, rows.Examples.Count, "rows");
            var scores = Evaluator.Evaluate(network, rows, device, cancellation, Heard).Scores;
            network.SubNetwork = parts[0];
            yield return (part, scores);
        }
    }
}
