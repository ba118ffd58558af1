using Replication.Bert;
using Replication.Distillation;
using Replication.Glue;
using Replication.Runs;
using Replication.Training;
using TorchSharp;

namespace Replication.DistilBERT;

/// <summary>
/// Fine-tunes a pretrained student on a task: on the labels, or in the paper's second, task-specific distillation ("D"), where a
/// fine-tuned BERT teaches too.
/// </summary>
public sealed record StudentFineTuneSpec : RunSpec
{
    /// <inheritdoc/>
    public override string Kind => "distilbert-fine-tune";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <summary>The rows.</summary>
    public required TaskSelection Selection { get; init; }

    /// <summary>The pretraining, a <see cref="PretrainSpec"/>.</summary>
    public required RunSpec Student { get; init; }

    /// <summary>The teacher's base model, whose vocabulary the student has.</summary>
    public required string BaseModel { get; init; }

    /// <summary>The fine-tuned teacher of the second distillation; null for labels alone.</summary>
    public RunSpec? TaskTeacher { get; init; }

    /// <summary>Weights of the second distillation.</summary>
    public TaskDistillation Distillation { get; init; } = new();

    /// <summary>How it is trained.</summary>
    public required TrainingRecipe Recipe { get; init; }

    /// <summary>Seed of the classifier's first weights, the data order and the dropout.</summary>
    public required int Seed { get; init; }

    /// <inheritdoc/>
    public override RunIdentity Identity() => new($"student{(TaskTeacher is null ? "" : " (D)")} of {(Student as PretrainSpec)?.Name}", Selection.Task, Seed);

    /// <inheritdoc/>
    public override IReadOnlyList<RunSpec> Needs() => TaskTeacher is null ? [Student] : [Student, TaskTeacher];

    /// <inheritdoc/>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace) => [.. Selection.Inputs(workspace), workspace.Models.Input(BaseModel)];

    /// <inheritdoc/>
    public override RunWork EstimateWork(Workspace workspace)
    {
        var teacher = ModelFolder.ReadConfig(workspace.Models.Folder(BaseModel));
        return TaskTraining.Work(
            TaskData.Load(workspace, Selection, BaseModel, Recipe.MaxLength), teacher.ToDistil(Bert.Distil.TeacherLayers.Half(teacher.NumHiddenLayers)), Recipe);
    }

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var workspace = context.Workspace;
        var data = TaskData.Load(workspace, Selection, BaseModel, Recipe.MaxLength);
        using var student = data.Task.NewClassifier(context.Need(Student).ModelFolder, Seed);
        student.to(workspace.Device);
        using var teacher = TaskTeacher is null ? null : TeacherRows(context, context.Need(TaskTeacher).ModelFolder, data, cancellation);
        IObjective objective = teacher is null ? new FineTuneObjective(student) : new TaskDistillationObjective(student, teacher, Distillation);
        return TaskTraining.Train(context, student, data, Recipe, Seed, BaseModel, objective, cancellation).WithMeasuredRows(data);
    }

    private TeacherOutputs TeacherRows(RunContext context, string folder, TaskData data, CancellationToken cancellation)
    {
        TeacherGuard.Check(folder, data.Task);
        TeacherGuard.CheckVocabulary(Path.Combine(context.Workspace.Models.Folder(BaseModel), "vocab.txt"), Path.Combine(folder, "vocab.txt"));
        return TeacherOutputs.OfTraining(context, folder, data, [], cancellation);
    }
}
