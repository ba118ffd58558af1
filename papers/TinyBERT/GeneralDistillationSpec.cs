using Replication.Bert;
using Replication.Corpus;
using Replication.Runs;
using Replication.Training;
using TorchSharp;

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

    /// <inheritdoc/>
    public override int Version => 1;

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

    /// <summary>Seed of the first weights, the order of the text and the dropout.</summary>
    public required int Seed { get; init; }

    /// <inheritdoc/>
    public override RunIdentity Identity() => new(
        $"general distillation, {Student}, {Method.Map.ToString().ToLowerInvariant()} map{TermsText.Without(Method.Terms)}, {LengthText()}", null, Seed);

    private string LengthText() => Recipe.MaxSteps is { } steps
        ? FormattableString.Invariant($"{steps:N0} steps of {Recipe.BatchSize} x {Recipe.MaxLength} tokens")
        : FormattableString.Invariant($"{Recipe.Epochs} passes over the text");

    /// <summary>The text and the teacher.</summary>
    /// <exception cref="ReplicationException">Something is missing, the text does not fill one batch, or student and teacher do not fit.</exception>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace)
    {
        var teacher = ModelFolder.ReadConfig(workspace.Models.Folder(Teacher));
        TransformerLoss.Check(Method, Student.Config(teacher), teacher);
        return [Corpus.Input(workspace, Teacher, Recipe.MaxLength, Recipe.BatchSize), workspace.Models.Input(Teacher)];
    }

    /// <summary>The student's steps and the teacher's passes; where the text decides their number, of one that fills 1,000 steps.</summary>
    public override RunWork EstimateWork(Workspace workspace)
    {
        var teacher = ModelFolder.ReadConfig(workspace.Models.Folder(Teacher));
        double Forward(BertConfig config) => (double)ModelSize.Flops(config, Recipe.MaxLength) * Recipe.BatchSize * (Recipe.MaxSteps ?? 1000);
        return RunWork.Training(Recipe.Precision, 3 * Forward(Student.Config(teacher))) + RunWork.Inference(Recipe.Precision, Forward(teacher));
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
        var training = new GeneralDistillation(context, student.Encoder, teacher, projections, this, store).Train(cancellation);
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
}
