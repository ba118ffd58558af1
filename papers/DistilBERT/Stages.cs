using System.Text.Json.Serialization;
using Replication.Bert;
using Replication.Bert.Distil;
using Replication.Bert.Tokenization;
using Replication.Corpus;
using Replication.Distillation;
using Replication.Runs;
using Replication.Training;
using TorchSharp;

namespace Replication.DistilBERT;

/// <summary>
/// The paper's distillation: a student of half the teacher's depth, which starts from the teacher's own layers
/// (<see cref="DistilStudent"/>), is pretrained on plain text with the triple loss.
/// </summary>
public sealed record PretrainSpec : RunSpec
{
    /// <summary>Fact of a result: the tokens of the text.</summary>
    public const string TextTokens = "tokens of the text";

    /// <inheritdoc/>
    public override string Kind => "distilbert-pretrain";

    /// <summary>Its name in the study, such as "without L_cos"; not part of the key, since it decides nothing.</summary>
    [JsonIgnore]
    public string Name { get; init; } = "triple loss";

    /// <summary>The text.</summary>
    public required CorpusSource Corpus { get; init; }

    /// <summary>Pretrained model with a prediction head, by name or folder.</summary>
    public required string Teacher { get; init; }

    /// <summary>Start, loss, masking, training.</summary>
    public required PretrainingRecipe Recipe { get; init; }

    /// <summary>Seed of new weights, order, masks and dropout.</summary>
    public int Seed { get; init; } = 1;

    /// <inheritdoc/>
    public override RunIdentity Identity() =>
        new($"pretraining, {Name}{(Recipe.Steps is { } steps ? $", {steps} steps" : "")}", null, Seed);

    /// <summary>The text and the teacher.</summary>
    /// <exception cref="ReplicationException">
    /// Something is missing, the text does not fill one batch, or the teacher has no prediction head, another vocabulary than its
    /// weights, or a depth that cannot be halved.
    /// </exception>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace)
    {
        var folder = workspace.Models.Folder(Teacher);
        DistilStudent.CheckTeacher(folder);
        var config = ModelFolder.ReadConfig(folder);
        _ = TeacherLayers.Half(config.NumHiddenLayers);
        var words = WordPiece.FromVocabulary(Path.Combine(folder, "vocab.txt")).VocabularySize;
        if (words != config.VocabSize)
            throw new ReplicationException(
                $"The vocabulary of {folder} has {words} words where its model has {config.VocabSize}; take a folder whose vocab.txt "
                    + "belongs to its weights.");
        return [Corpus.Input(workspace, Teacher, Recipe.Training.MaxLength, Recipe.Training.BatchSize), workspace.Models.Input(Teacher)];
    }

    /// <summary>Encoder and prediction head of both models; the head over all words is a larger part than the student's layers.</summary>
    public override RunWork EstimateWork(Workspace workspace)
    {
        var training = Recipe.Training;
        var teacher = workspace.Models.Config(Teacher);
        var steps = Recipe.Steps ?? (Corpus.EstimatedTokens(workspace) / training.MaxLength / training.BatchSize * training.Epochs);
        double sequences = steps * training.BatchSize;
        var tokens = sequences * training.MaxLength;
        var predicted = Recipe.Loss is { SoftWeight: > 0, SoftOnHiddenWordsOnly: false } ? tokens : tokens * Recipe.Masking.Share;
        var head = 2.0 * teacher.HiddenSize * (teacher.VocabSize + teacher.HiddenSize) * predicted;
        double Encoder(BertConfig config) => sequences * ModelSize.Flops(config, training.MaxLength, pooler: false);
        var teachers = Recipe.Loss.NeedsTeacher ? Encoder(teacher) + (Recipe.Loss.SoftWeight > 0 ? head : 0) : 0;
        // A backward pass costs two forward ones.
        return RunWork.Training(training.Precision, 3 * (Encoder(DistilStudent.Geometry(teacher)) + head))
            + RunWork.Inference(training.Precision, teachers);
    }

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var workspace = context.Workspace;
        var folder = workspace.Models.Folder(Teacher);
        Recipe.Validate();
        using var teacher = DistilStudent.OpenTeacher(folder);
        using var student = DistilStudent.Create(teacher, Recipe.Start, Recipe.CopyTransform, Seed);
        using var store = Corpus.Open(workspace, Teacher, null, cancellation);
        student.to(workspace.Device);
        teacher.to(workspace.Device);
        teacher.eval();
        teacher.Encoder.Precision = Recipe.Training.Precision;
        var objective = new TripleObjective(student, Recipe.Loss.NeedsTeacher ? teacher : null, Recipe.Loss);
        var state = Train(
            context, student, store, WordPiece.FromVocabulary(Path.Combine(folder, "vocab.txt")).Ids, objective, cancellation);
        ModelFolder.Save(student, context.Folder.FilePath("model"), folder);
        return new RunResult
        {
            Facts = new SortedDictionary<string, double>(state.LastTerms, StringComparer.Ordinal)
            {
                ["steps"] = state.Step,
                ["tokens"] = state.RealTokens,
                ["parameters"] = ModelSize.Parameters(student.Config, pooler: false),
                [TextTokens] = store.Tokens,
            },
        };
    }

    // Sequences, masks and dropout of a step follow from seed and step alone, so that a resumed run computes the same bits.
    private LoopState Train(
        RunContext context, BertForMaskedLM student, TokenStore store, SpecialTokens special, TripleObjective objective,
        CancellationToken cancellation)
    {
        var training = Recipe.Training;
        var (dropout, masking) = (new DropoutStream(Seed), new Masking(Recipe.Masking, special, store.CountTokens(), Seed));
        using var stream = new SequenceStream(store, training.MaxLength, training.BatchSize, Seed);
        student.Encoder.Dropout = dropout;
        student.Encoder.DropoutProbability = training.Dropout;
        student.Encoder.Precision = training.Precision;
        student.train();
        var loop = new TrainingLoop<LoopState>(
            context, training, [.. student.named_parameters()], Recipe.Steps ?? stream.StepsPerEpoch * training.Epochs)
        {
            Name = "Pretraining",
            Step = step =>
            {
                dropout.BeginStep(step);
                return Step(masking.Apply(stream.Batch(step), step), special.Padding, context.Workspace.Device, objective);
            },
            EndsWithLine = true,
            Line = (state, _) => new Dictionary<string, object?> { ["tokens"] = state.RealTokens },
        };
        loop.Run(cancellation);
        return loop.State;
    }

    private StepReport Step(MaskedSequences masked, int padding, torch.Device device, TripleObjective objective)
    {
        // Sequences of similar length go through the model together, so that little is padding.
        var parts = Enumerable.Range(0, masked.Inputs.Count).OrderBy(i => masked.Inputs[i].Length).Chunk(Recipe.MicroBatch).ToList();
        var reports = new List<LossReport>();
        var padded = 0L;
        foreach (var part in parts)
        {
            using var batch = MaskedBatch.Collate(masked.Take(part), padding, device);
            reports.Add(objective.ForwardBackward(batch, 1.0 / parts.Count));
            padded += batch.Tokens.InputIds.numel();
        }
        // A part in which no word happens to be hidden has no L_mlm.
        var terms = reports.SelectMany(p => p.Terms).GroupBy(t => t.Key, t => t.Value).ToDictionary(t => t.Key, t => t.Average());
        return new StepReport(new LossReport(reports.Average(p => p.Total), terms), masked.Inputs.Sum(s => (long)s.Length), padded);
    }
}

/// <summary>
/// Fine-tunes a pretrained student on a task: on the labels, or in the paper's second, task-specific distillation ("D"), where a
/// fine-tuned BERT teaches too. The base model is the teacher's, whose vocabulary the student has.
/// </summary>
public sealed record StudentFineTuneSpec : ModelTrainingSpec
{
    /// <inheritdoc/>
    public override string Kind => "distilbert-fine-tune";

    /// <summary>The pretraining, a <see cref="PretrainSpec"/>.</summary>
    public required RunSpec Student { get; init; }

    /// <summary>The fine-tuned teacher of the second distillation; null for labels alone.</summary>
    public RunSpec? TaskTeacher { get; init; }

    /// <summary>Weights of the second distillation.</summary>
    public TaskDistillation Distillation { get; init; } = new();

    /// <inheritdoc/>
    public override RunIdentity Identity() =>
        new($"student{(TaskTeacher is null ? "" : " (D)")} of {(Student as PretrainSpec)?.Name}", Selection.Task, Seed);

    /// <inheritdoc/>
    public override IReadOnlyList<RunSpec> Needs() => TaskTeacher is null ? [Student] : [Student, TaskTeacher];

    /// <inheritdoc/>
    public override RunWork EstimateWork(Workspace workspace) => TaskTraining.Work(
        Load(workspace), DistilStudent.Geometry(workspace.Models.Config(BaseModel)), Recipe);

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var workspace = context.Workspace;
        var data = Load(workspace);
        using var student = data.Task.NewClassifier(context.Need(Student).ModelFolder, Seed);
        student.to(workspace.Device);
        using var teacher = TaskTeacher is null ? null : TeacherOutputs.OfTraining(
            context, TeacherGuard.Folder(context, TaskTeacher, data.Task, BaseModel), data, [], cancellation);
        IObjective objective = teacher is null
            ? new FineTuneObjective(student) : new TaskDistillationObjective(student, teacher, Distillation);
        return TaskTraining.Train(context, student, data, Recipe, Seed, BaseModel, objective, cancellation).WithMeasuredRows(data);
    }
}
