using Replication.Augmentation;
using Replication.Bert;
using Replication.Bert.Tokenization;
using Replication.Distillation;
using Replication.Runs;
using Replication.Training;
using TorchSharp;

namespace Replication.TinyBERT;

/// <summary>The first step of task distillation: the fine-tuned teacher's inner states on the (augmented) rows of a task.</summary>
public sealed record IntermediateSpec : RunSpec
{
    /// <inheritdoc/>
    public override string Kind => "tinybert-intermediate";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <summary>The rows.</summary>
    public required TaskSelection Selection { get; init; }

    /// <summary>The fine-tuned teacher.</summary>
    public required FineTuneSpec Teacher { get; init; }

    /// <summary>The student's geometry.</summary>
    public required Student Student { get; init; }

    /// <summary>General distillation; null for a student of random weights ("w/o GD").</summary>
    public GeneralDistillationSpec? General { get; init; }

    /// <summary>The augmented rows; null for the original ones alone ("w/o DA").</summary>
    public AugmentationSpec? Augmentation { get; init; }

    /// <summary>Terms, map and switches.</summary>
    public required TransformerDistillation Method { get; init; }

    /// <summary>How it is trained.</summary>
    public required TrainingRecipe Recipe { get; init; }

    /// <summary>Seed of new weights, the order of the rows and the dropout.</summary>
    public required int Seed { get; init; }

    /// <inheritdoc/>
    public override RunIdentity Identity() => new(
        $"{Selection.DescribeRows()}intermediate, {Student}, {Method.Map.ToString().ToLowerInvariant()} map{TermsText.Without(Method.Terms)}{(General is null ? ", no GD" : "")}{(Augmentation is null ? ", no DA" : "")}",
        Selection.Task,
        Seed);

    /// <inheritdoc/>
    public override IReadOnlyList<RunSpec> Needs() => [Teacher, .. General is null ? (RunSpec[])[] : [General], .. Augmentation is null ? (RunSpec[])[] : [Augmentation]];

    /// <summary>The rows and the teacher's base model.</summary>
    /// <exception cref="ReplicationException">Something is missing, or student and teacher do not fit.</exception>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace)
    {
        var teacher = ModelFolder.ReadConfig(workspace.Models.Folder(Teacher.BaseModel));
        TransformerLoss.Check(Method, Student.Config(teacher), teacher);
        return [.. Selection.Inputs(workspace), workspace.Models.Input(Teacher.BaseModel)];
    }

    /// <inheritdoc/>
    public override RunWork EstimateWork(Workspace workspace)
    {
        var teacher = ModelFolder.ReadConfig(workspace.Models.Folder(Teacher.BaseModel));
        double Forward(BertConfig config) => TaskRows.ForwardFlops(workspace, Selection, Teacher.BaseModel, Recipe, config, Augmentation);
        return RunWork.Training(Recipe.Precision, 3 * Forward(Student.Config(teacher))) + RunWork.Inference(Recipe.Precision, Forward(teacher));
    }

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var workspace = context.Workspace;
        var all = TaskRows.Load(context, Selection, Teacher.BaseModel, Recipe.MaxLength, Augmentation);
        var data = all with { Evaluations = [] };
        var folder = context.Need(Teacher).ModelFolder;
        TeacherGuard.Check(folder, data.Task);
        using var teacher = data.Task.OpenClassifier(folder);
        teacher.to(workspace.Device);
        using var student = TaskStart.Open(context, General, Student, teacher.Config, data.Task, Seed);
        using var projections = new Projections(student.Config, teacher.Config.HiddenSize, Method.SharesProjection, Seed, workspace.Device);
        if (General is not null && General.Method.SharesProjection == Method.SharesProjection)
            projections.Load(Path.Combine(context.Need(General).ModelFolder, GeneralDistillationSpec.ProjectionsFile));
        var objective = new IntermediateObjective(student, teacher, projections, Method, Recipe.Precision, Seed);
        var result = TaskTraining.Train(context, student, data, Recipe, Seed, Teacher.BaseModel, objective, cancellation);
        if (Seed == 1)
        {
            var pieces = ModelFolder.OpenTokenizer(folder);
            var map = TinyLayerMaps.Of(Method.Map, teacher.Config.NumHiddenLayers, Student.Layers);
            AttentionSample.Of(student.Encoder, teacher.Encoder, map, all.Evaluations[0].Data, pieces, workspace.Device).Write(context.Folder);
        }
        return result;
    }
}
