using System.Text.Json.Serialization;
using Replication.Augmentation;
using Replication.Bert;
using Replication.Corpus;
using Replication.Distillation;
using Replication.Glue;
using Replication.Runs;
using Replication.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.TinyBERT;

/// <summary>
/// General distillation (section 3.2): a student of random weights learns the inner states of a pretrained teacher that was
/// never fine-tuned, over plain text. The prediction layer is left out.
/// </summary>
public sealed record GeneralDistillationSpec : RunSpec
{
    /// <summary>Fact of a result: the tokens of the text.</summary>
    public const string CorpusTokens = "corpus tokens";

    /// <summary>Name of the file with W_e and W_h, beside the student's folder.</summary>
    public const string ProjectionsFile = "projections.safetensors";

    /// <inheritdoc/>
    public override string Kind => "general-distillation";

    /// <summary>The pretrained teacher by name or folder.</summary>
    public required string Teacher { get; init; }

    /// <summary>The student's geometry.</summary>
    public required Student Student { get; init; }

    /// <summary>The text.</summary>
    public required CorpusSource Corpus { get; init; }

    /// <summary>Terms, map and switches.</summary>
    public required TransformerDistillation Method { get; init; }

    /// <summary>
    /// Rate, schedule, batch and length; <see cref="TrainingRecipe.MaxSteps"/> is the length of the training, or where it is
    /// null <see cref="TrainingRecipe.Epochs"/> over the text.
    /// </summary>
    public required TrainingRecipe Recipe { get; init; }

    /// <summary>Whether the text comes in pairs with token types, without which those of type 1 are not learnt here.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasPairs { get; init; }

    /// <summary>Seed of the first weights, the order of the text and the dropout.</summary>
    public required int Seed { get; init; }

    /// <inheritdoc/>
    public override RunIdentity Identity() => new($"general distillation, {Student}, {Method}, {LengthText()}", null, Seed);

    private string LengthText() => Recipe.MaxSteps is { } steps
        ? FormattableString.Invariant($"{steps:N0} steps of {Recipe.BatchSize} x {Recipe.MaxLength} tokens")
        : FormattableString.Invariant($"{Recipe.Epochs} passes over the text");

    /// <summary>The text and the teacher.</summary>
    /// <exception cref="ReplicationException">
    /// Something is missing, the text does not fill one batch, or student and teacher do not fit.
    /// </exception>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace)
    {
        var teacher = workspace.Models.Config(Teacher);
        TransformerLoss.Check(Method, Student.Config(teacher), teacher);
        return [Corpus.Input(workspace, Teacher, Recipe.MaxLength, Recipe.BatchSize), workspace.Models.Input(Teacher)];
    }

    /// <summary>The student's steps and the teacher's passes.</summary>
    public override RunWork EstimateWork(Workspace workspace)
    {
        var teacher = workspace.Models.Config(Teacher);
        var steps = Recipe.MaxSteps ?? (Corpus.EstimatedTokens(workspace) / Recipe.MaxLength / Recipe.BatchSize * Recipe.Epochs);
        double Forward(BertConfig config) => (double)ModelSize.Flops(config, Recipe.MaxLength) * Recipe.BatchSize * steps;
        return RunWork.Training(Recipe.Precision, 3 * Forward(Student.Config(teacher)))
            + RunWork.Inference(Recipe.Precision, Forward(teacher));
    }

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var workspace = context.Workspace;
        var folder = workspace.Models.Folder(Teacher);
        using var teacher = ModelFolder.OpenEncoder(folder);
        teacher.to(workspace.Device);
        // As a classifier, so that the task steps open it as they open any model; its last layer is not trained here.
        var config = Student.Config(teacher.Config);
        using var student = new BertForSequenceClassification(config, 2, Seed);
        student.to(workspace.Device);
        using var projections = new Projections(config, teacher.Config.HiddenSize, Method.SharesProjection, Seed, workspace.Device);
        using var store = Corpus.Open(workspace, Teacher, null, cancellation);
        var training = Train(context, student.Encoder, teacher, projections, store, cancellation);
        var model = context.Folder.FilePath("model");
        ModelFolder.Save(student, model, ["LABEL_0", "LABEL_1"], folder);
        projections.Save(Path.Combine(model, ProjectionsFile));
        return new RunResult
        {
            Facts = new SortedDictionary<string, double>(StringComparer.Ordinal)
            {
                ["loss"] = training.LastLoss,
                ["parameters"] = student.Encoder.parameters().Sum(p => p.numel()),
                ["steps"] = training.Step,
                [CorpusTokens] = store.Tokens,
                ["trained tokens"] = training.RealTokens,
            },
        };
    }

    private LoopState Train(
        RunContext context, BertModel student, BertModel teacher, Projections projections, TokenStore store, CancellationToken cancellation)
    {
        var recipe = Recipe.Validate();
        var loss = new TransformerLoss(Method, student.Config, teacher.Config, projections);
        var dropout = Prepare(student, teacher);
        // The pooler is not part of these losses and stays as it was drawn.
        IReadOnlyList<(string, Parameter)> parameters =
            [.. student.named_parameters().Where(p => !p.name.StartsWith("pooler.", StringComparison.Ordinal)), .. projections.Parameters];
        using var stream = new SequenceStream(store, recipe.MaxLength, recipe.BatchSize, Seed, HasPairs);
        var loop = new TrainingLoop<LoopState>(context, recipe, parameters, recipe.MaxSteps ?? stream.StepsPerEpoch * recipe.Epochs)
        {
            Name = "General distillation", Encoder = student,
            Step = step =>
            {
                foreach (var each in dropout)
                    each.BeginStep(step);
                var texts = stream.Texts(step);
                var lengths = texts.Select(text => text.InputIds.Length).ToList();
                var batch = GlueBatch.Tokenised(
                    texts, store.Padding, context.Workspace.Device, recipe.PaddedLength(lengths.Max()));
                EncoderOutput taught;
                using (no_grad())
                    taught = teacher.call(batch, loss.Request);
                var report = loss.Backward(student.call(batch, loss.Request), taught, batch.AttentionMask);
                return new StepReport(report, lengths.Sum(length => (long)length), batch.InputIds.numel());
            },
            EndsWithLine = true,
        };
        loop.Run(cancellation);
        return loop.State;
    }

    private IReadOnlyList<DropoutStream> Prepare(BertModel student, BertModel teacher)
    {
        var streams = new List<DropoutStream> { new(Seed) };
        student.Dropout = streams[0];
        student.DropoutProbability = Recipe.Dropout;
        student.Precision = teacher.Precision = Recipe.Precision;
        student.train();
        teacher.train(Method.TeacherDropout);
        if (Method.TeacherDropout)
            streams.Add(teacher.Dropout = OnlineTeacher.DropoutOf(Seed));
        return streams;
    }
}

/// <summary>What both steps of task distillation have: rows, the fine-tuned teacher, the student's geometry.</summary>
public abstract record TaskStage : TaskTrainingSpec
{
    /// <summary>The fine-tuned teacher.</summary>
    public required FineTuneSpec Teacher { get; init; }

    /// <summary>The student's geometry.</summary>
    public required Student Student { get; init; }

    /// <summary>The augmented rows; null for the original ones alone.</summary>
    public AugmentationSpec? Augmentation { get; init; }

    /// <summary>The rows and the teacher's base model.</summary>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace) =>
        [.. Selection.Inputs(workspace), workspace.Models.Input(Teacher.BaseModel)];

    /// <summary>What a name says of the rows where they are not all, or not augmented.</summary>
    protected string RowsText() => (Augmentation is null ? ", no DA" : "") + (Selection.HoldOut > 0 ? ", held-out" : "");

    /// <summary>The teacher's geometry.</summary>
    protected BertConfig TeacherConfig(Workspace workspace) => workspace.Models.Config(Teacher.BaseModel);

    /// <summary>The floating-point operations of a model's passes over all rows that are trained on.</summary>
    protected double Forward(Workspace workspace, BertConfig config) =>
        TaskRows.ForwardFlops(workspace, Selection, Teacher.BaseModel, Recipe, config, Augmentation);

    /// <summary>The rows, tokenised.</summary>
    protected TaskData Load(RunContext context) => TaskRows.Load(context, Selection, Teacher.BaseModel, Recipe.MaxLength, Augmentation);

    /// <summary>Opens the student that another run has left, or one of random weights; on the workspace's device.</summary>
    /// <param name="context">The run.</param>
    /// <param name="start">A general distillation or an intermediate step; null for random weights.</param>
    /// <param name="task">The task.</param>
    protected BertForSequenceClassification InitializeStudent(RunContext context, RunSpec? start, GlueTask task)
    {
        var student = start is null
            ? new BertForSequenceClassification(Student.Config(TeacherConfig(context.Workspace)), task.Outputs, Seed)
            : ModelFolder.OpenClassifier(
                context.Need(start).ModelFolder, task.Outputs, newClassifier: start is GeneralDistillationSpec, seed: Seed);
        student.to(context.Workspace.Device);
        return student;
    }

    /// <summary>Trains the student.</summary>
    protected RunResult Train(
        RunContext context, BertForSequenceClassification student, TaskData data, IObjective objective, CancellationToken cancellation) =>
        TaskTraining.Train(context, student, data, Recipe, Seed, Teacher.BaseModel, objective, cancellation);
}

/// <summary>The first step of task distillation: the fine-tuned teacher's inner states on the (augmented) rows of a task.</summary>
public sealed record IntermediateSpec : TaskStage
{
    /// <inheritdoc/>
    public override string Kind => "tinybert-intermediate";

    /// <summary>General distillation; null for a student of random weights ("w/o GD").</summary>
    public GeneralDistillationSpec? General { get; init; }

    /// <summary>Terms, map and switches.</summary>
    public required TransformerDistillation Method { get; init; }

    /// <inheritdoc/>
    public override RunIdentity Identity() => new(
        $"{Selection.DescribeRows()}intermediate, {Student}, {Method}{(General is null ? ", no GD" : "")}{RowsText()}",
        Selection.Task, Seed);

    /// <inheritdoc/>
    public override IReadOnlyList<RunSpec> Needs() => [.. new RunSpec?[] { Teacher, General, Augmentation }.OfType<RunSpec>()];

    /// <inheritdoc/>
    /// <exception cref="ReplicationException">Something is missing, or student and teacher do not fit.</exception>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace)
    {
        var teacher = TeacherConfig(workspace);
        TransformerLoss.Check(Method, Student.Config(teacher), teacher);
        return base.Inputs(workspace);
    }

    /// <inheritdoc/>
    public override RunWork EstimateWork(Workspace workspace)
    {
        var teacher = TeacherConfig(workspace);
        return RunWork.Training(Recipe.Precision, 3 * Forward(workspace, Student.Config(teacher)))
            + RunWork.Inference(Recipe.Precision, Forward(workspace, teacher));
    }

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var all = Load(context);
        using var teacher = TeacherGuard.Open(context, Teacher, all.Task);
        using var student = InitializeStudent(context, General, all.Task);
        using var projections = new Projections(
            student.Config, teacher.Config.HiddenSize, Method.SharesProjection, Seed, context.Workspace.Device);
        if (General is not null && General.Method.SharesProjection == Method.SharesProjection)
            projections.Load(Path.Combine(context.Need(General).ModelFolder, GeneralDistillationSpec.ProjectionsFile));
        var objective = new IntermediateObjective(
            student, new OnlineTeacher(teacher, Method.TeacherDropout, Recipe.Precision, Seed), projections, teacher.Config, Method);
        // The classifier is not trained yet, so that there is nothing to measure.
        var result = Train(context, student, all with { Evaluations = [] }, objective, cancellation);
        if (Seed == 1)
        {
            var map = TinyLayerMaps.Of(Method.Map, teacher.Config.NumHiddenLayers, Student.Layers);
            var tokenizer = ModelFolder.OpenTokenizer(context.Need(Teacher).ModelFolder);
            AttentionSample.Of(student.Encoder, teacher.Encoder, map, all.Evaluations[0].Data, tokenizer, context.Workspace.Device)
                .Write(context.Folder);
        }
        return result;
    }
}

/// <summary>The inner losses of a batch, against a teacher that runs beside the student.</summary>
internal sealed class IntermediateObjective(
    BertForSequenceClassification student, OnlineTeacher teacher, Projections projections, BertConfig teacherConfig,
    TransformerDistillation method) : IObjectiveWithParameters
{
    private readonly TransformerLoss _loss = new(method, student.Config, teacherConfig, projections);

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Parameter Value)> Parameters => projections.Parameters;

    /// <inheritdoc/>
    public LossReport ForwardBackward(GlueBatch batch)
    {
        using var scope = NewDisposeScope();
        var taught = teacher.Of(batch, model => model.Encoder.call(batch.Tokens, _loss.Request));
        return _loss.Backward(student.Encoder.call(batch.Tokens, _loss.Request), taught, batch.Tokens.AttentionMask, batch.Share);
    }
}

/// <summary>
/// The second step of task distillation, which ends in a classifier; with labels as its target, the same student without a teacher.
/// </summary>
public sealed record PredictionSpec : TaskStage
{
    /// <inheritdoc/>
    public override string Kind => "tinybert-prediction";

    /// <summary>The step before: <see cref="IntermediateSpec"/>, <see cref="GeneralDistillationSpec"/>; null for random weights.</summary>
    public RunSpec? Start { get; init; }

    /// <summary>The search on held-out rows whose choice's recipe is taken; null for the own recipe.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public SelectionSpec? RecipeOf { get; init; }

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

    /// <inheritdoc/>
    public override RunIdentity Identity() => new(
        Selection.DescribeRows() + (Target == PredictionTarget.Labels ? "labels only" : "prediction")
            + $", {Student}{StartText()}{RowsText()}",
        Selection.Task, Seed);

    /// <inheritdoc/>
    public override IReadOnlyList<RunSpec> Needs() =>
        [.. new RunSpec?[] { Target == PredictionTarget.Labels ? null : Teacher, Start, Augmentation, RecipeOf }.OfType<RunSpec>()];

    /// <summary>
    /// The student's training, and the teacher's passes where it runs beside; outputs that are computed once for all its students are
    /// left out.
    /// </summary>
    public override RunWork EstimateWork(Workspace workspace)
    {
        var teacher = TeacherConfig(workspace);
        var own = TaskRows.Work(workspace, Selection, Teacher.BaseModel, Recipe, Student.Config(teacher), Augmentation);
        return TeacherDropout ? own + RunWork.Inference(Recipe.Precision, Forward(workspace, teacher)) : own;
    }

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        if (RecipeOf is { } search)
            return (this with { RecipeOf = null, Recipe = ((PredictionSpec)search.ChosenBy(context.Need(search).Result)).Recipe })
                .Execute(context, cancellation);
        var data = Load(context);
        using var student = InitializeStudent(context, Start, data.Task);
        RunResult Train(IObjective objective) => this.Train(context, student, data, objective, cancellation).WithMeasuredRows(data);
        if (Target == PredictionTarget.Labels)
            return Train(new FineTuneObjective(student));
        if (!TeacherDropout)
        {
            using var outputs = TeacherOutputs.OfTraining(
                context, TeacherGuard.Folder(context, Teacher, data.Task), data, [], cancellation);
            return Train(new PredictionObjective(student, batch => outputs.Logits(batch.Rows), Soft.Validate()));
        }
        using var model = TeacherGuard.Open(context, Teacher, data.Task);
        var teacher = new OnlineTeacher(model, hasDropout: true, Recipe.Precision, Seed);
        return Train(new PredictionObjective(
            student, batch => teacher.Of(batch, t => t.forward(batch.Tokens, EncoderOutputs.None).Logits), Soft.Validate()));
    }

    private string StartText() => Start switch
    {
        null => ", random start",
        GeneralDistillationSpec => ", from GD",
        IntermediateSpec step => $", {step.Method}{(step.General is null ? ", no GD" : "")}",
        _ => "",
    };
}
