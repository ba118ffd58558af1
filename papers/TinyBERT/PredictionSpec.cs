using Replication.Augmentation;
using Replication.Bert;
using Replication.Distillation;
using Replication.Glue;
using Replication.Runs;
using Replication.Training;
using TorchSharp;

namespace Replication.TinyBERT;

/// <summary>The second step of task distillation, which ends in a classifier; with labels as its target, the same student without a teacher.</summary>
public sealed record PredictionSpec : RunSpec
{
    /// <inheritdoc/>
    public override string Kind => "tinybert-prediction";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <summary>The rows.</summary>
    public required TaskSelection Selection { get; init; }

    /// <summary>The fine-tuned teacher.</summary>
    public required FineTuneSpec Teacher { get; init; }

    /// <summary>The student's geometry.</summary>
    public required Student Student { get; init; }

    /// <summary>The step before: an <see cref="IntermediateSpec"/>, a <see cref="GeneralDistillationSpec"/>, or null for random weights.</summary>
    public RunSpec? Start { get; init; }

    /// <summary>The augmented rows; null for the original ones alone.</summary>
    public AugmentationSpec? Augmentation { get; init; }

    /// <summary>What is learnt.</summary>
    public required PredictionTarget Target { get; init; }

    /// <summary>L_pred: the mean over the batch in the paper, over classes too in the code.</summary>
    public SoftTargets Soft { get; init; } = new();

    /// <summary>How it is trained.</summary>
    public required TrainingRecipe Recipe { get; init; }

    /// <summary>Seed of new weights, the order of the rows and the dropout.</summary>
    public required int Seed { get; init; }

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant(
        $"{Selection.Task} {(Target == PredictionTarget.Labels ? "labels only" : "prediction")}, {Student}{StartText()}{(Augmentation is null ? ", no DA" : "")}, seed {Seed}");

    /// <inheritdoc/>
    public override IReadOnlyList<RunSpec> Needs() =>
    [
        .. Target == PredictionTarget.Labels ? (RunSpec[])[] : [Teacher],
        .. Start is null ? (RunSpec[])[] : [Start],
        .. Augmentation is null ? (RunSpec[])[] : [Augmentation],
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace) => [.. Selection.Inputs(workspace), workspace.Models.Input(Teacher.BaseModel)];

    /// <summary>The student's training; the teacher's outputs are computed once for all its students and left out.</summary>
    public override RunWork EstimateWork(Workspace workspace) => TaskRows.Work(
        workspace, Selection, Teacher.BaseModel, Recipe, Student.Config(ModelFolder.ReadConfig(workspace.Models.Folder(Teacher.BaseModel))), Augmentation);

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var workspace = context.Workspace;
        var data = TaskRows.Load(context, Selection, Teacher.BaseModel, Recipe.MaxLength, Augmentation);
        var teacher = ModelFolder.ReadConfig(workspace.Models.Folder(Teacher.BaseModel));
        using var student = TaskStart.Open(context, Start, Student, teacher, data.Task, Seed);
        using var outputs = Target == PredictionTarget.Labels ? null : TeacherOutputsOf(context, data, cancellation);
        IObjective objective = outputs is null ? new FineTuneObjective(student) : new PredictionObjective(student, outputs, Soft.Validate());
        return TaskTraining.Train(context, student, data, Recipe, Seed, Teacher.BaseModel, objective, cancellation).WithMeasuredRows(data);
    }

    private TeacherOutputs TeacherOutputsOf(RunContext context, TaskData data, CancellationToken cancellation)
    {
        var folder = context.Need(Teacher).ModelFolder;
        TeacherGuard.Check(folder, data.Task);
        return TeacherOutputs.OfTraining(context, folder, data, [], cancellation);
    }

    private string StartText() => Start switch
    {
        null => ", random start",
        GeneralDistillationSpec => ", from GD",
        IntermediateSpec step => $", {step.Method.Map.ToString().ToLowerInvariant()} map{TermsText.Without(step.Method.Terms)}{(step.General is null ? ", no GD" : "")}",
        _ => "",
    };
}
