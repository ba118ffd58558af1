using Replication.Bert;
using Replication.Bert.Distil;
using Replication.Bert.Tokenization;
using Replication.Corpus;
using Replication.Runs;
using TorchSharp;

namespace Replication.DistilBERT;

/// <summary>Pretrains a student of half the teacher's depth on plain text: the paper's distillation.</summary>
public sealed record PretrainSpec : RunSpec
{
    /// <summary>Fact of a result: the tokens of the text.</summary>
    public const string TextTokens = "tokens of the text";

    /// <inheritdoc/>
    public override string Kind => "distilbert-pretrain";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <summary>What it is called among its neighbours, such as "without L_cos"; no part of the key, since it decides nothing.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
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
    public override RunIdentity Identity() => new($"pretraining, {Name}{(Recipe.Steps is { } steps ? $", {steps} steps" : "")}", null, Seed);

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
            throw new ReplicationException($"The vocabulary of {folder} has {words} words where its model has {config.VocabSize}; take a folder whose vocab.txt belongs to its weights.");
        return [Corpus.Input(workspace, Teacher, Recipe.Training.MaxLength, Recipe.Training.BatchSize), workspace.Models.Input(Teacher)];
    }

    /// <inheritdoc/>
    public override RunWork EstimateWork(Workspace workspace)
    {
        var teacher = ModelFolder.ReadConfig(workspace.Models.Folder(Teacher));
        return PretrainingWork.Estimate(Recipe, teacher, Recipe.Steps ?? Epochs(workspace));
    }

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var workspace = context.Workspace;
        var folder = workspace.Models.Folder(Teacher);
        var vocabulary = Path.Combine(folder, "vocab.txt");
        Recipe.Validate();
        using var teacher = DistilStudent.OpenTeacher(folder);
        using var student = DistilStudent.Create(teacher, Recipe.Start, Recipe.CopyTransform, Seed);
        using var store = Corpus.Open(workspace, Teacher, null, cancellation);
        student.to(workspace.Device);
        teacher.to(workspace.Device);
        teacher.eval();
        teacher.Encoder.Precision = Recipe.Training.Precision;
        var objective = new TripleObjective(student, Recipe.Loss.NeedsTeacher ? teacher : null, Recipe.Loss);
        var facts = new Pretrainer(context, student, store, WordPiece.FromVocabulary(vocabulary).Ids, Recipe, Seed).Train(objective, cancellation);
        ModelFolder.Save(student, context.Folder.FilePath("model"), folder);
        facts["parameters"] = ModelSize.Parameters(student.Config, pooler: false);
        facts[TextTokens] = store.Tokens;
        return new RunResult { Facts = facts };
    }

    // The text is not cut into tokens for an estimate: six bytes are about a token.
    private long Epochs(Workspace workspace) =>
        new FileInfo(Corpus.File(workspace)).Length / 6 / Recipe.Training.MaxLength / Recipe.Training.BatchSize * Recipe.Training.Epochs;
}
