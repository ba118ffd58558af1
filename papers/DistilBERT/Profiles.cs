using Replication.Bert;
using Replication.Bert.Distil;
using Replication.Claims;
using Replication.Corpus;
using Replication.Glue;
using Replication.Glue.Squad;
using Replication.Studies;
using Replication.Training;

namespace Replication.DistilBERT;

/// <summary>All that decides a pretraining besides teacher, text and seed.</summary>
public sealed record PretrainingRecipe
{
    /// <summary>Where the student's first weights come from; the paper takes one layer out of two (section 2).</summary>
    public StudentStart Start { get; init; } = StudentStart.EverySecond;

    /// <summary>Whether the dense layer of the prediction head is the teacher's; an option of the authors' script.</summary>
    public bool CopyTransform { get; init; } = true;

    /// <summary>Terms and weights.</summary>
    public TripleLoss Loss { get; init; } = TripleLoss.OfficialCode;

    /// <summary>How words are hidden: 15 %, and in the authors' code rare words more often than frequent ones.</summary>
    public MaskingRecipe Masking { get; init; } = MaskingRecipe.OfficialCode;

    /// <summary>Optimizer, rate, schedule, batch, length, dropout, format; its epochs count where <see cref="Steps"/> is null.</summary>
    public TrainingRecipe Training { get; init; } = OfficialTraining;

    /// <summary>Sequences that go through the model at once; several make a batch, their gradients added up.</summary>
    public int MicroBatch { get; init; } = 32;

    /// <summary>Updates; null for the recipe's epochs over the text.</summary>
    public int? Steps { get; init; }

    /// <summary>
    /// The paper leaves optimizer and schedule open. The authors' train.py by default: AdamW at 5e-4, betas 0.9 and 0.98, epsilon 1e-6,
    /// no weight decay, warm-up over 5 % of the steps, gradient norm at most 5, three epochs.
    /// </summary>
    public static TrainingRecipe OfficialTraining { get; } = new()
    {
        LearningRate = 5e-4, Beta2 = 0.98, Epsilon = 1e-6, WeightDecay = 0, WarmupProportion = 0.05, MaxGradNorm = 5,
    };

    /// <summary>quick and small: batches of 32 sequences of at most 128 tokens, matrix products in bf16.</summary>
    public static PretrainingRecipe Small { get; } = new() { Training = OfficialTraining with { Precision = Precision.Bf16 } };

    /// <summary>
    /// The paper (section 3): batches of up to 4,000 sequences by adding up gradients; here of 512 tokens, 8 at a time, three times over
    /// the text.
    /// </summary>
    public static PretrainingRecipe Paper { get; } = new()
    {
        Training = OfficialTraining with { BatchSize = 4000, MaxLength = 512, Precision = Precision.Bf16 }, MicroBatch = 8,
    };

    /// <summary>The authors' program by default: its layers, a prediction head of random weights, 5 x 50 sequences a batch.</summary>
    public static PretrainingRecipe OfficialCode { get; } = Paper with
    {
        Start = StudentStart.OfficialCode, CopyTransform = false, Training = Paper.Training with { BatchSize = 250 }, MicroBatch = 5,
    };

    /// <summary>
    /// The recipe with a form of the method. The default mixes: the paper's layers, and what the paper leaves open (weights, T, masking
    /// that favours rare words, optimizer, schedule) from the authors' README and code.
    /// </summary>
    /// <param name="fidelity">The form.</param>
    /// <param name="isWhole">Whether batches are the form's own too; a short pretraining keeps its budget.</param>
    public PretrainingRecipe With(Fidelity fidelity, bool isWhole) => fidelity switch
    {
        Fidelity.Default => this,
        Fidelity.Paper => this with { Loss = TripleLoss.Paper, Masking = new MaskingRecipe() },
        _ when isWhole => OfficialCode with { Training = OfficialCode.Training with { Precision = Training.Precision } },
        _ => this with { Start = OfficialCode.Start, CopyTransform = OfficialCode.CopyTransform },
    };

    /// <summary>Checks every value.</summary>
    /// <exception cref="ReplicationException">A value is out of its range; the message names it and the range.</exception>
    public PretrainingRecipe Validate()
    {
        Loss.Validate();
        Masking.Validate();
        Training.Validate();
        if (MicroBatch < 1 || MicroBatch > Training.BatchSize)
            throw new ReplicationException(
                $"Pretraining: {MicroBatch} sequences at once; it must be from 1 to the batch of {Training.BatchSize}.",
                ReplicationException.UsageError);
        if (Steps < 1)
            throw new ReplicationException($"Pretraining: {Steps} steps; it must be at least 1.", ReplicationException.UsageError);
        return this;
    }
}

/// <summary>What a profile fixes, with the user's wishes.</summary>
public sealed record DistilBertProfile : ProfileSettings
{
    /// <summary>The text.</summary>
    public required CorpusSource Corpus { get; init; }

    /// <summary>How students are pretrained.</summary>
    public required PretrainingRecipe Pretraining { get; init; }

    /// <summary>GLUE tasks on which the other pretrainings are compared with it (Table 4).</summary>
    public required IReadOnlyList<GlueTask> AblationTasks { get; init; }

    /// <summary>Whether the rows of Table 4 are run, or L_mlm alone.</summary>
    public bool HasAblation { get; init; } = true;

    /// <summary>The GLUE task of the second distillation, (D) of Table 2; null for none.</summary>
    public GlueTask? DistilledTask { get; init; }

    /// <summary>The tasks of Table 2 beside GLUE: reviews and questions; none where the user names other tasks.</summary>
    public IReadOnlyList<GlueTask> Downstream { get; init; } = [];

    /// <summary>SQuAD 1.1's questions: all, or where there is no training set a split of the dev set's articles.</summary>
    public SquadSelection Squad { get; init; } = new() { Version = SquadVersion.V1 };

    /// <summary>IMDb's training reviews, the first ones; null for all.</summary>
    public int? Reviews { get; init; }

    /// <summary>IMDb and SQuAD: the same with at most 512 tokens, all that BERT reads; scored once an epoch, which takes long.</summary>
    public TrainingRecipe LongTuning => FineTuning with { MaxLength = 512, EvaluationsPerEpoch = 1, TrainSampleRows = 0 };

    /// <summary>Whether each replicate fine-tunes a teacher too.</summary>
    public bool TeacherPerReplicate { get; init; }

    /// <summary>The profile of a request.</summary>
    /// <exception cref="ReplicationException">
    /// A task or number of replicates that cannot be used, or a profile that the paper does not have.
    /// </exception>
    public static DistilBertProfile Of(ExperimentRequest request)
    {
        var own = request.AppliedTo(Of(request.Profile));
        var pretraining = own.Pretraining.With(request.Fidelity, isWhole: request.Profile == Profile.Paper);
        return own with
        {
            Corpus = request.Corpus is { } corpus ? CorpusSource.OfUser(corpus) : own.Corpus,
            AblationTasks = [.. own.Tasks.Intersect(own.AblationTasks)],
            Downstream = request.Tasks.Count > 0 ? [] : own.Downstream,
            DistilledTask = own.Tasks.FirstOrDefault(task => task == own.DistilledTask),
            FineTuning = own.FineTuning with { Precision = request.Precision },
            Pretraining = pretraining with { Training = pretraining.Training with { Precision = request.Precision } },
        };
    }

    /// <summary>What a profile fixes, before the user's wishes.</summary>
    /// <exception cref="ReplicationException">The paper has no such profile.</exception>
    public static DistilBertProfile Of(Profile profile) => profile switch
    {
        Profile.Quick => Small with
        {
            Tasks = [GlueTasks.Sst2], AblationTasks = [GlueTasks.Sst2], HasAblation = false, DistilledTask = null, Downstream = [],
            Replicates = 1, SpeedRounds = 1,
        },
        Profile.Small => Small,
        // evidence.md has the reasons.
        Profile.Evidence => Small with
        {
            Tasks = [GlueTasks.Sst2], AblationTasks = [GlueTasks.Sst2], DistilledTask = null, Downstream = [],
            Replicates = 8, Looks = LookPlan.Twice(8), IsWhole = true, PrimaryOnly = true, TeacherPerReplicate = true,
        },
        Profile.Paper => new DistilBertProfile
        {
            Teacher = "bert-base-uncased",
            // English Wikipedia and the Toronto Book Corpus, which BERT's paper counts.
            Corpus = CorpusSource.OfUser(null) with { PublishedWords = 2_500_000_000 + 800_000_000 },
            Pretraining = PretrainingRecipe.Paper,
            Tasks = Nine,
            AblationTasks = Nine,
            DistilledTask = GlueTasks.Sst2,
            Downstream = [GlueTasks.Imdb, ScoreColumn.Squad],
            // The paper's scores are medians of five (Table 1). It does not describe the fine-tuning: its authors' example for GLUE.
            FineTuning = StandardRecipes.Example,
            Replicates = 5, Looks = LookPlan.Once(8),
            TeacherPerReplicate = true,
            SpeedRounds = 5,
        },
        _ => throw NoReference("DistilBERT"),
    };

    // In the order of Table 1.
    private static IReadOnlyList<GlueTask> Nine { get; } =
        [.. ((string[])["CoLA", "MNLI", "MRPC", "QNLI", "QQP", "RTE", "SST-2", "STS-B", "WNLI"]).Select(GlueTasks.Parse)];

    private static DistilBertProfile Small { get; } = new()
    {
        Teacher = "minilm-l6",
        FineTuning = StandardRecipes.SmallTeacher, // AdamW 5e-5, batch 32, 3 epochs, at most 128 tokens
        Corpus = CorpusSource.Embedded,
        // About 330,000 tokens: minutes on 2 cores. quick has the same, so that small shares its pretrainings.
        Pretraining = PretrainingRecipe.Small with { Steps = 80 },
        Tasks = [GlueTasks.Sst2, GlueTasks.Cola, GlueTasks.Mrpc, GlueTasks.Stsb],
        AblationTasks = [GlueTasks.Sst2, GlueTasks.Stsb],
        DistilledTask = GlueTasks.Sst2,
        Downstream = [GlueTasks.Imdb, ScoreColumn.Squad],
        // The first 2,000 reviews, and questions of the articles that are trained on: minutes a training.
        Reviews = 2000,
        Squad = new SquadSelection { Version = SquadVersion.V1, SplitsDev = true, Questions = 2000 },
        Rows = RowLimit.OfLargeTasks(8000),
        Replicates = 3,
        Looks = LookPlan.Once(8),
        SpeedRounds = 3,
    };
}
