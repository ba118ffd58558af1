using System.Text.Json.Serialization;
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

    /// <summary>
    /// Leaves the teacher's dropout on while it teaches, as the authors' program does: it then runs beside the student, in the
    /// student's number format; otherwise its outputs are computed once.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool TeacherDropout { get; init; }

    /// <summary>How it is trained.</summary>
    public required TrainingRecipe Recipe { get; init; }

    /// <summary>Seed of new weights, the order of the rows and the dropout.</summary>
    public required int Seed { get; init; }

    /// <inheritdoc/>
    public override RunIdentity Identity() => new(
        $"{Selection.DescribeRows()}{(Target == PredictionTarget.Labels ? "labels only" : "prediction")}, {Student}{StartText()}{(Augmentation is null ? ", no DA" : "")}",
        Selection.Task,
        Seed);

    /// <inheritdoc/>
    public override IReadOnlyList<RunSpec> Needs() =>
    [
        .. Target == PredictionTarget.Labels ? (RunSpec[])[] : [Teacher],
        .. Start is null ? (RunSpec[])[] : [Start],
        .. Augmentation is null ? (RunSpec[])[] : [Augmentation],
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace) => [.. Selection.Inputs(workspace), workspace.Models.Input(Teacher.BaseModel)];

    /// <summary>The student's training, and the teacher's passes where it runs beside; outputs that are computed once for all its students are left out.</summary>
    public override RunWork EstimateWork(Workspace workspace)
    {
        var teacher = ModelFolder.ReadConfig(workspace.Models.Folder(Teacher.BaseModel));
        var own = TaskRows.Work(workspace, Selection, Teacher.BaseModel, Recipe, Student.Config(teacher), Augmentation);
        return TeacherDropout
            ? own + RunWork.Inference(Recipe.Precision, TaskRows.ForwardFlops(workspace, Selection, Teacher.BaseModel, Recipe, teacher, Augmentation))
            : own;
    }

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var workspace = context.Workspace;
        var data = TaskRows.Load(context, Selection, Teacher.BaseModel, Recipe.MaxLength, Augmentation);
        var teacher = ModelFolder.ReadConfig(workspace.Models.Folder(Teacher.BaseModel));
        using var student = TaskStart.Open(context, Start, Student, teacher, data.Task, Seed);
        RunResult Train(IObjective objective) => TaskTraining.Train(context, student, data, Recipe, Seed, Teacher.BaseModel, objective, cancellation).WithMeasuredRows(data);
        if (Target == PredictionTarget.Labels)
            return Train(new FineTuneObjective(student));
        var folder = context.Need(Teacher).ModelFolder;
        TeacherGuard.Check(folder, data.Task);
        if (!TeacherDropout)
        {
            using var outputs = TeacherOutputs.OfTraining(context, folder, data, [], cancellation);
            return Train(new PredictionObjective(student, batch => outputs.Logits(batch.Rows), Soft.Validate()));
        }
        using var model = data.Task.OpenClassifier(folder);
        model.to(workspace.Device);
        var beside = new StepTeacher(model, hasDropout: true, Recipe.Precision, Seed);
        return Train(new PredictionObjective(student, batch => beside.Of(batch, t => t.forward(batch.Tokens, EncoderOutputs.None).Logits), Soft.Validate()));
    }

    private string StartText() => Start switch
    {
        null => ", random start",
        GeneralDistillationSpec => ", from GD",
        IntermediateSpec step => $", {step.Method.Map.ToString().ToLowerInvariant()} map{TermsText.Without(step.Method.Terms)}{(step.General is null ? ", no GD" : "")}",
        _ => "",
    };
}
