using System.Text.Json.Serialization;
using Replication.Augmentation;
using Replication.Bert;
using Replication.Claims;
using Replication.Corpus;
using Replication.Distillation;
using Replication.Glue;
using Replication.Studies;
using Replication.Training;

namespace Replication.TinyBERT;

/// <summary>The students' geometries (section 4.2): layers, width, feed-forward width, heads.</summary>
/// <param name="Layers">M.</param>
/// <param name="Hidden">d'.</param>
/// <param name="Intermediate">d_i'.</param>
/// <param name="Heads">h, the teacher's.</param>
public sealed record Student(int Layers, int Hidden, int Intermediate, int Heads)
{
    /// <summary>TinyBERT4: 4 layers of 312.</summary>
    public static Student Tiny4 { get; } = new(4, 312, 1200, 12);

    /// <summary>TinyBERT6: 6 layers of 768.</summary>
    public static Student Tiny6 { get; } = new(6, 768, 3072, 12);

    /// <summary>3 layers of 384, half of the small teacher.</summary>
    public static Student Small3 { get; } = new(3, 384, 1536, 12);

    /// <summary>The authors' code: a ReLU and no dropout before the classifier.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ReluBeforeClassifier { get; init; }

    /// <summary>The encoder, with a vocabulary and all else of a teacher.</summary>
    public BertConfig Config(BertConfig teacher) => teacher with
    {
        NumHiddenLayers = Layers, HiddenSize = Hidden, IntermediateSize = Intermediate, NumAttentionHeads = Heads,
        ReluBeforeClassifier = ReluBeforeClassifier,
    };

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Layers} x {Hidden}");
}

/// <summary>A short general distillation; of quick and small, whose budget is minutes.</summary>
/// <param name="Steps">Steps.</param>
/// <param name="BatchSize">Sequences per step.</param>
/// <param name="MaxLength">Tokens of a sequence, at most.</param>
public sealed record GeneralBudget(int Steps, int BatchSize, int MaxLength);

/// <summary>A short task distillation; epochs are over the augmented rows.</summary>
/// <param name="IntermediateEpochs">Epochs of the intermediate step.</param>
/// <param name="IntermediateRate">Its peak learning rate.</param>
/// <param name="PredictionEpochs">Epochs of the prediction step, and of the students that learn from labels.</param>
/// <param name="PredictionRate">Its peak learning rate.</param>
public sealed record TaskBudget(int IntermediateEpochs, double IntermediateRate, int PredictionEpochs, double PredictionRate);

/// <summary>How much is spent on a family of runs whose members are compared.</summary>
/// <param name="General">General distillation; null for the paper's recipe.</param>
/// <param name="Rows">Training rows of a task.</param>
/// <param name="Augmentation">p_t, N_a, K.</param>
/// <param name="Task">Task distillation; null for the paper's recipes.</param>
public sealed record Budget(GeneralBudget? General, RowLimit Rows, AugmentationSettings Augmentation, TaskBudget? Task)
{
    /// <summary>The paper's (section 4.2): all rows, 20 new ones each.</summary>
    public static Budget Paper { get; } = new(null, RowLimit.None, new AugmentationSettings(), null);

    /// <summary>
    /// What a pass over the augmented rows becomes over the original ones alone, so that all members take as many updates; 1 in the paper's
    /// recipes.
    /// </summary>
    public int OriginalRowsFactor => Task is null ? 1 : 1 + Augmentation.RowsPerRow;
}

/// <summary>Where the paper and the authors' code differ, one switch each; the defaults are the paper's.</summary>
public sealed record Switches
{
    /// <summary>Steps between two evaluations in the README of the authors' code.</summary>
    public const int OfficialInterval = 100;

    /// <summary>The inner losses.</summary>
    public TransformerDistillation Method { get; init; } = TransformerDistillation.Paper;

    /// <summary>L_pred: the mean over the batch in the paper, over classes too in the code.</summary>
    public SoftTargets Soft { get; init; } = new();

    /// <summary>A ReLU and no dropout before the student's classifier.</summary>
    public bool ReluBeforeClassifier { get; init; }

    /// <summary>The words, neighbours and pairs of the code's augmentation.</summary>
    public bool OfficialAugmentation { get; init; }

    /// <summary>New rows word by word, as Algorithm 1 is printed.</summary>
    public bool AugmentsInTurn { get; init; }

    /// <summary>General distillation reads pairs of sentences with token types, as it does with the paper's recipe in every form.</summary>
    public bool HasPairs { get; init; }

    /// <summary>Order of the rows in task distillation; general distillation draws its sequences at random in every form.</summary>
    public BatchOrder Order { get; init; } = BatchOrder.Bucketed;

    /// <summary>Every stage pads its rows to the longest length, which the code's means over all places count.</summary>
    public bool PadsToMaxLength { get; init; }

    /// <summary>Task distillation leaves out the short batch at the end of an epoch.</summary>
    public bool SkipsShortBatch { get; init; }

    /// <summary>The prediction step is measured every 100 steps and ends with the best weights.</summary>
    public bool KeepsBest { get; init; }

    /// <summary>The prediction step of STS-B learns the labels, of new rows too.</summary>
    public bool RegressesOnLabels { get; init; }

    /// <summary>
    /// Epochs, lengths and rates are those of the README's commands, for all tasks alike, where a profile has no budget of its own.
    /// </summary>
    public bool FollowsReadme { get; init; }

    /// <summary>The authors' program, as its README runs it.</summary>
    public static Switches OfficialCode { get; } = new()
    {
        Method = TransformerDistillation.OfficialCode,
        Soft = new SoftTargets { Reduction = Reduction.ElementMean },
        ReluBeforeClassifier = true,
        OfficialAugmentation = true,
        HasPairs = true,
        Order = BatchOrder.Shuffled,
        PadsToMaxLength = true,
        SkipsShortBatch = true,
        KeepsBest = true,
        RegressesOnLabels = true,
        FollowsReadme = true,
    };

    /// <summary>The switches of a form; the default is the paper's but for the order in which a new row's words are replaced.</summary>
    public static Switches Of(Fidelity fidelity) => fidelity switch
    {
        Fidelity.Official => OfficialCode,
        Fidelity.Paper => new Switches { AugmentsInTurn = true },
        Fidelity.Readme => new Switches { FollowsReadme = true },
        _ => new Switches(),
    };

    /// <summary>A recipe of general distillation with these switches.</summary>
    public TrainingRecipe General(TrainingRecipe recipe) => recipe with { PadsToMaxLength = PadsToMaxLength };

    /// <summary>A recipe of the intermediate step with these switches.</summary>
    public TrainingRecipe Intermediate(TrainingRecipe recipe) =>
        recipe with { Order = Order, PadsToMaxLength = PadsToMaxLength, SkipsShortBatch = SkipsShortBatch };

    /// <summary>A recipe of the prediction step with these switches.</summary>
    public TrainingRecipe Prediction(TrainingRecipe recipe) => KeepsBest
        ? Intermediate(recipe) with { KeepsBest = true, EvaluationInterval = OfficialInterval }
        : Intermediate(recipe);
}

/// <summary>How each stage is trained, by name. The losses are in <see cref="TransformerDistillation"/>.</summary>
public static class Recipes
{
    private const double Rate = 5e-5;

    /// <summary>
    /// General distillation: 3 epochs and 128 tokens as in the paper, which leaves the rest to BERT's pre-training settings; batches of
    /// 256, rate 5e-5, warm-up of a tenth and optimizer as in the authors' README and code.
    /// </summary>
    public static TrainingRecipe PaperGeneral { get; } = Code with { LearningRate = Rate, BatchSize = 256, Epochs = 3, MaxLength = 128 };

    /// <summary>
    /// General distillation for a budget of steps: a rate ten times as high and no dropout, since so few steps are taken that nothing is
    /// learnt by heart.
    /// </summary>
    public static TrainingRecipe ShortGeneral(GeneralBudget budget) => new()
    {
        LearningRate = 5e-4, BatchSize = budget.BatchSize, MaxLength = budget.MaxLength, MaxSteps = budget.Steps, Dropout = 0,
        Precision = Precision.Bf16,
    };

    /// <summary>
    /// The intermediate step for a budget, of at most 64 or 128 tokens: the rate falls linearly after a warm-up of a tenth; no dropout, for
    /// the same reason.
    /// </summary>
    public static TrainingRecipe ShortIntermediate(int epochs, double rate, bool isPair) => new()
    {
        LearningRate = rate, Epochs = epochs, MaxLength = Length(isPair), Dropout = 0, Precision = Precision.Bf16,
    };

    /// <summary>The prediction step, and labels only, for a budget.</summary>
    public static TrainingRecipe ShortPrediction(int epochs, double rate, bool isPair) => new()
    {
        LearningRate = rate, Epochs = epochs, MaxLength = Length(isPair), Precision = Precision.Bf16,
    };

    /// <summary>The intermediate step of section 4.2: rate 5e-5, batch 32, 20 epochs; 10 for MNLI, QQP and QNLI, 50 for CoLA.</summary>
    public static TrainingRecipe PaperIntermediate(string task, bool isPair) => Code with
    {
        LearningRate = Rate,
        Schedule = ScheduleKind.Constant,
        WarmupProportion = 0,
        Epochs = task switch { "MNLI" or "QQP" or "QNLI" => 10, "CoLA" => 50, _ => 20 },
        MaxLength = Length(isPair),
    };

    /// <summary>The paper's prediction step: 3 epochs; batch of 16 or 32 and rate of 1e-5, 2e-5 or 3e-5 chosen on dev.</summary>
    public static TrainingRecipe PaperPrediction(bool isPair) => Code with { LearningRate = 3e-5, Epochs = 3, MaxLength = Length(isPair) };

    /// <summary>The grid of that step.</summary>
    public static IEnumerable<TrainingRecipe> Grid(TrainingRecipe recipe) =>
        from rate in (double[])[1e-5, 2e-5, 3e-5]
        from batch in (int[])[16, 32]
        select recipe with { LearningRate = rate, BatchSize = batch };

    /// <summary>The authors' README, intermediate step: 10 epochs of at most 128 tokens, a constant rate of 5e-5.</summary>
    public static TrainingRecipe ReadmeIntermediate { get; } = PaperIntermediate("", isPair: true) with { Epochs = 10 };

    /// <summary>The authors' README, prediction step: rate 3e-5, 3 epochs, batch 32, at most 128 tokens.</summary>
    public static TrainingRecipe ReadmePrediction { get; } = PaperPrediction(isPair: true);

    private static TrainingRecipe Code => new() { Optimizer = OptimizerKind.BertAdam, Epsilon = 1e-6, Precision = Precision.Bf16 };

    private static int Length(bool isPair) => isPair ? 128 : 64;
}

/// <summary>What a profile fixes, with the user's wishes.</summary>
public sealed record TinyBertProfile : ProfileSettings
{
    // Of 8,000 rows and two new ones of each: 1,500 updates of the inner states, 750 of the prediction; labels alone take 750 too, in
    // 3 epochs.
    private static readonly TaskBudget ShortTask = new(2, 3e-4, 1, 1e-4);

    /// <summary>The student.</summary>
    public required Student Student { get; init; }

    /// <summary>The student of Table 5, which takes the whole pipeline; null for none.</summary>
    public Student? Six { get; init; }

    /// <summary>The text of general distillation.</summary>
    public required CorpusSource Corpus { get; init; }

    /// <summary>Word vectors for augmentation; null for none.</summary>
    public GloveSource? Glove { get; init; }

    /// <summary>The whole pipeline, with the students that learn from labels only.</summary>
    public required Budget Main { get; init; }

    /// <summary>The rows of Tables 2 to 4 and 7, each compared with a pipeline of this budget; null for none.</summary>
    public Budget? Ablations { get; init; }

    /// <summary>Whether the prediction step searches the paper's grid.</summary>
    public bool Searches { get; init; }

    /// <summary>Share of the training rows on which that search chooses; 0 to choose on dev, as the paper did.</summary>
    public double HoldOut { get; init; }

    /// <summary>Where paper and code differ.</summary>
    public Switches Switches { get; init; } = new();

    /// <summary>Number format of all trainings and of the augmentation.</summary>
    public Precision Precision { get; init; } = Precision.Bf16;

    /// <summary>The profile of a request.</summary>
    /// <exception cref="ReplicationException">A profile, task, form or number of replicates that cannot be used.</exception>
    public static TinyBertProfile Of(ExperimentRequest request)
    {
        var own = request.AppliedTo(Of(request.Profile, request.Corpus));
        if (request.Fidelity == Fidelity.Readme && own.Main.Task is not null)
            throw new ReplicationException(
                $"--fidelity readme changes epochs and lengths, for which profile {request.Profile.ToString().ToLowerInvariant()} has a "
                    + "budget of its own; use --profile paper.",
                ReplicationException.UsageError);
        return own with
        {
            FineTuning = own.FineTuning with { Precision = request.Precision },
            Glove = request.Glove is { } glove ? GloveSource.OfUser(glove) : null,
            Switches = Switches.Of(request.Fidelity),
            HoldOut = request.Fidelity == Fidelity.Default ? own.HoldOut : 0,
            Precision = request.Precision,
        };
    }

    /// <summary>What a profile fixes, before the user's wishes.</summary>
    /// <exception cref="ReplicationException">The paper has no such profile.</exception>
    public static TinyBertProfile Of(Profile profile, string? corpus) => profile switch
    {
        // Estimated for 2 cores from measured speeds; a step of 32 rows (424 tokens): 75 ms intermediate, 50 ms prediction or labels; 6,900
        // tokens a second of general distillation. In seconds: teacher 90 + timing 60 + general 105 + new rows 75 + outputs 60 + 1,500 x
        // 0.075 + 3 x 750 x 0.05 + saving 15 = 10.5 minutes.
        Profile.Quick => Small(corpus) with
        {
            Tasks = [GlueTasks.Sst2],
            Replicates = 1,
            Main = new Budget(new GeneralBudget(700, 16, 64), RowLimit.OfLargeTasks(8000), NewRows(2), ShortTask),
            Ablations = null,
            SpeedRounds = 2,
        },
        Profile.Small => Small(corpus),
        // evidence.md has the reasons.
        Profile.Evidence => Small(corpus) with
        {
            Tasks = [GlueTasks.Sst2],
            Replicates = 8,
            Looks = LookPlan.Twice(8),
            IsWhole = true,
            PrimaryOnly = true,
            Main = Evidence,
            Ablations = Evidence,
        },
        Profile.Paper => new TinyBertProfile
        {
            Teacher = "bert-base-uncased",
            Student = Student.Tiny4,
            Six = Student.Tiny6,
            Tasks = [.. ((string[])["MNLI", "QQP", "QNLI", "SST-2", "CoLA", "STS-B", "MRPC", "RTE"]).Select(GlueTasks.Parse)],
            Replicates = 1,
            // English Wikipedia, which BERT's paper counts.
            Corpus = CorpusSource.OfUser(corpus) with { PublishedWords = 2_500_000_000 },
            FineTuning = StandardRecipes.Example, // the paper does not describe it
            Looks = LookPlan.Once(8),
            IsWhole = true,
            Main = Budget.Paper,
            Ablations = Budget.Paper,
            Searches = true,
            HoldOut = 0.1,
            SpeedRounds = 10,
        },
        _ => throw NoReference("TinyBERT"),
    };

    // The same speeds. In minutes: teachers and timing 4, general 1,000 x 4,096 tokens 10, new rows and outputs 5, six pipelines (1,500 x
    // 0.075 + 750 x 0.05 s) 16, twelve students of labels (750 x 0.05 s) 8.5; ablations: 7 general x 250 x 1,024 tokens 4.5, 54
    // intermediate and 66 prediction steps of 150 updates with 3 to 4 s each to open and save 25: 73 in all. The runs took 121 minutes of
    // one core.
    private static TinyBertProfile Small(string? corpus) => new()
    {
        Teacher = "minilm-l6",
        FineTuning = StandardRecipes.SmallTeacher, // AdamW 5e-5, batch 32, 3 epochs, at most 128 tokens
        Student = Student.Small3,
        Tasks = [GlueTasks.Sst2, GlueTasks.Cola],
        Replicates = 3,
        Looks = LookPlan.Once(8),
        // Without --corpus the text that comes with this repository, so that every small profile runs from a fresh checkout.
        Corpus = corpus is null ? CorpusSource.Embedded : CorpusSource.OfUser(corpus),
        Rows = RowLimit.OfLargeTasks(8000),
        Main = new Budget(new GeneralBudget(1000, 32, 128), RowLimit.OfLargeTasks(8000), NewRows(2), ShortTask),
        Ablations = new Budget(new GeneralBudget(250, 16, 64), RowLimit.OfEachTask(2400), NewRows(1), new TaskBudget(1, 5e-4, 1, 2e-4)),
        SpeedRounds = 3,
    };

    private static Budget Evidence { get; } = new(
        new GeneralBudget(500, 16, 128), RowLimit.OfLargeTasks(8000), NewRows(1), ShortTask with { IntermediateEpochs = 1 });

    private static AugmentationSettings NewRows(int count) => new() { RowsPerRow = count };
}
