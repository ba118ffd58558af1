using Replication.Augmentation;
using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Claims;
using Replication.Glue;
using Replication.Measurements;
using Replication.Studies;
using Replication.Training;

namespace Replication.DynaBERT;

/// <summary>Where the paper and the authors' code differ, one switch each; the defaults are the paper's.</summary>
public sealed record Switches
{
    /// <summary>Which layers stay.</summary>
    public DepthRule Rule { get; init; } = DepthRule.Paper;

    /// <summary>The teacher of stage 2: of the student's width, or whole since the code forgets to narrow it.</summary>
    public TeacherWidth TeacherWidth { get; init; } = TeacherWidth.SameAsStudent;

    /// <summary>Gradients of the importance: each batch its own, or carried over since the code never zeroes them.</summary>
    public ImportanceGradients Importance { get; init; } = ImportanceGradients.ZeroedEachBatch;

    /// <summary>Whether stage 1 distils without augmented data too; the code then learns from the labels.</summary>
    public bool DistilsWithoutAugmentation { get; init; } = true;

    /// <summary>Whether STS-B's outputs are matched; the code matches hidden states alone.</summary>
    public bool MatchesScores { get; init; } = true;

    /// <summary>The words and numbers of TinyBERT's program, with which the authors make new rows.</summary>
    public bool OfficialAugmentation { get; init; }

    /// <summary>New rows word by word, as TinyBERT's Algorithm 1 is printed.</summary>
    public bool AugmentsInTurn { get; init; }

    /// <summary>In which order a stage visits its rows.</summary>
    public BatchOrder Order { get; init; } = BatchOrder.Bucketed;

    /// <summary>Whether a stage pads every row to the longest length, which the mean squared errors of hidden states then count.</summary>
    public bool PadsToMaxLength { get; init; }

    /// <summary>As the authors' program does.</summary>
    public static Switches OfficialCode { get; } = new()
    {
        Rule = DepthRule.OfficialCode,
        TeacherWidth = TeacherWidth.Full,
        Importance = ImportanceGradients.CarriedOver,
        DistilsWithoutAugmentation = false,
        MatchesScores = false,
        OfficialAugmentation = true,
        Order = BatchOrder.Shuffled,
        PadsToMaxLength = true,
    };

    /// <summary>A stage's recipe with these switches.</summary>
    public TrainingRecipe Stage(TrainingRecipe recipe) => recipe with { Order = Order, PadsToMaxLength = PadsToMaxLength };

    /// <summary>A loss with these switches.</summary>
    public DistillationLoss Loss(DistillationLoss loss) => loss with { MatchesScores = MatchesScores };
}

/// <summary>How teachers and networks are trained, by name. The loss is in <see cref="DistillationLoss"/>.</summary>
public static class Recipes
{
    /// <summary>
    /// A stage of profile paper: the best of ten evaluations an epoch is kept. The authors' program chooses so too, by the sum
    /// of the sub-networks' scores on the dev set, every so many steps.
    /// </summary>
    public static TrainingRecipe PaperStage => StandardRecipes.Example with { KeepsBest = true, EvaluationsPerEpoch = 10 };

    /// <summary>
    /// A stage of quick and small: as the authors train, without warm-up and decay, but for some hundred steps, and so at five times
    /// their rate, which is twice that of the small teacher.
    /// </summary>
    public static TrainingRecipe SmallStage => StandardRecipes.Example with { LearningRate = 1e-4 };

    /// <summary>
    /// Rows per batch of the importance, which depends on it, since absolute values are summed up over batches: the evaluation batches of
    /// the authors' program in its form; the paper gives no number.
    /// </summary>
    /// <param name="gradients">The paper's form or the authors'.</param>
    public static int ImportanceBatch(ImportanceGradients gradients) => gradients == ImportanceGradients.CarriedOver ? 8 : 32;
}

/// <summary>Epochs of each stage.</summary>
/// <param name="Width">Stage 1, over the augmented rows.</param>
/// <param name="Labels">Stage 1 on the labels alone, over the original rows.</param>
/// <param name="Depth">Stage 2.</param>
/// <param name="Final">The final fine-tuning.</param>
public sealed record Epochs(int Width, int Labels, int Depth, int Final);

/// <summary>What a profile fixes, with the user's wishes.</summary>
public sealed record DynaBertProfile : ProfileSettings
{
    /// <summary>m_w (section 3): the whole, three quarters, half and a quarter of the width.</summary>
    public static IReadOnlyList<double> Widths { get; } = [1, 0.75, 0.5, 0.25];

    /// <summary>m_d (section 3): the whole, three quarters and half of the depth.</summary>
    public static IReadOnlyList<double> Depths { get; } = [1, 0.75, 0.5];

    /// <summary>Large, middle and small among the twelve: trained alone too, as the whole family is, and exported and timed.</summary>
    public static IReadOnlyList<(double Width, double Depth)> ThreeSizes { get; } = [(0.75, 0.75), (0.5, 0.5), (0.25, 0.5)];

    /// <summary>Tokens of a sequence whose latency and operations are told.</summary>
    public const int Length = 128;

    /// <summary>Latency is of one sequence at a time.</summary>
    public static SpeedProtocol Latency(int rounds) => new() { BatchSize = 1, Length = Length, Rounds = rounds };

    /// <summary>
    /// A training step is timed on a batch of the recipe, in seven rounds of a few seconds each: the limit is ten per cent, and timings on
    /// a busy machine vary by as much.
    /// </summary>
    public SpeedProtocol StepTiming =>
        CalibrationMeasurement.Batch with { BatchSize = Recipe.BatchSize, Rounds = 7, Precision = Recipe.Precision };

    /// <summary>How many of the tasks, the first ones, have ablations.</summary>
    public required int AblatedTasks { get; init; }

    /// <summary>Training rows of the network on a task of single sentences; null for the teacher's.</summary>
    public int? SentenceRows { get; init; }

    /// <summary>Training rows of the network on a task of pairs, which are twice as long; null for the teacher's.</summary>
    public int? PairRows { get; init; }

    /// <summary>How stages 1 and 2 augment the network's rows; null to leave them.</summary>
    public AugmentationSettings? Augmentation { get; init; }

    /// <summary>Word vectors for augmentation; null for none.</summary>
    public GloveSource? Glove { get; init; }

    /// <summary>How a stage trains, but for the epochs.</summary>
    public required TrainingRecipe Recipe { get; init; }

    /// <summary>Epochs of each stage.</summary>
    public required Epochs Epochs { get; init; }

    /// <summary>Where paper and code differ.</summary>
    public Switches Switches { get; init; } = new();

    /// <summary>The tasks that have ablations.</summary>
    public IReadOnlyList<GlueTask> Ablated => [.. Tasks.Take(AblatedTasks)];

    /// <summary>The profile of a request.</summary>
    /// <exception cref="ReplicationException">A profile, task or number of replicates that cannot be used.</exception>
    public static DynaBertProfile Of(ExperimentRequest request)
    {
        var own = request.AppliedTo(Of(request.Profile));
        return own with
        {
            Glove = request.Glove is { } glove ? GloveSource.OfUser(glove) : null,
            Switches = request.Fidelity == Fidelity.Official ? Switches.OfficialCode
                : new Switches { AugmentsInTurn = request.Fidelity == Fidelity.Paper },
            FineTuning = own.FineTuning with { Precision = request.Precision },
            Recipe = own.Recipe with { Precision = request.Precision },
            Augmentation = own.Augmentation is { } augmentation ? augmentation with { Precision = request.Precision } : null,
        };
    }

    /// <summary>What a profile fixes, before the user's wishes.</summary>
    /// <exception cref="ReplicationException">There is no such profile here.</exception>
    public static DynaBertProfile Of(Profile profile) => profile switch
    {
        // One task whose rows a laptop trains on in minutes; one replicate settles no order, and so there are no ablations.
        Profile.Quick => Small with { Tasks = [GlueTasks.Sst2], Replicates = 1, AblatedTasks = 0, SentenceRows = 4000, SpeedRounds = 3 },
        Profile.Small => Small,
        // evidence.md has the reasons.
        Profile.Evidence => Small with { Tasks = [GlueTasks.Sst2], Replicates = 8, Looks = LookPlan.Twice(8), IsWhole = true },
        Profile.Paper => new DynaBertProfile
        {
            Teacher = "bert-base-uncased",
            Tasks = [.. ((string[])["CoLA", "SST-2", "STS-B", "MRPC", "RTE", "MNLI", "QQP", "QNLI"]).Select(GlueTasks.Parse)],
            AblatedTasks = 8,
            Replicates = 1,
            Looks = LookPlan.Once(8),
            IsWhole = true,
            FineTuning = StandardRecipes.Example, // as the authors' program, 3 epochs a stage too
            Augmentation = new AugmentationSettings(), // p_t 0.4, N_a 20, K 15: TinyBERT, Algorithm 1 and section 4.2
            Recipe = Recipes.PaperStage,
            Epochs = new Epochs(Width: 3, Labels: 3, Depth: 3, Final: 3),
            SpeedRounds = 10,
        },
        _ => throw NoReference("DynaBERT"),
    };

    // 58 minutes were expected on 2 cores beside the teachers, at 4,850 training tokens a second of the whole network and 6,000 of its
    // passes; the runs took 101 minutes of one core. Twelve sub-networks cost 5.8 whole ones. STS-B replaces MRPC: on MRPC the
    // small teacher has nothing to teach (an accuracy of 71.6 where the larger class has 68.4). A run on the labels alone has half the
    // rows and twice the epochs, so that it takes as many steps as the run that it is compared with.
    private static DynaBertProfile Small => new()
    {
        Teacher = "minilm-l6",
        Tasks = [GlueTasks.Sst2, GlueTasks.Cola, GlueTasks.Stsb],
        AblatedTasks = 2,
        Replicates = 3,
        Looks = LookPlan.Once(8),
        Rows = RowLimit.OfLargeTasks(8000),
        SentenceRows = 2560,
        PairRows = 1600,
        Augmentation = new AugmentationSettings { RowsPerRow = 1 },
        FineTuning = StandardRecipes.SmallTeacher, // AdamW 5e-5, batch 32, 3 epochs, at most 128 tokens
        Recipe = Recipes.SmallStage,
        Epochs = new Epochs(Width: 1, Labels: 2, Depth: 1, Final: 1),
        SpeedRounds = 5,
    };
}
