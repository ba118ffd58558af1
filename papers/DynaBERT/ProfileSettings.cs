using Replication.Augmentation;
using Replication.Bert;
using Replication.Studies;
using Replication.Training;

namespace Replication.DynaBERT;

/// <summary>What a profile fixes, before the user's own wishes.</summary>
public sealed record ProfileSettings
{
    /// <summary>Width multipliers of the paper.</summary>
    public static IReadOnlyList<double> PapersWidths { get; } = [1, 0.75, 0.5, 0.25];

    /// <summary>Depth multipliers of the paper.</summary>
    public static IReadOnlyList<double> PapersDepths { get; } = [1, 0.75, 0.5];

    /// <summary>Base model of the teacher, and so of the network.</summary>
    public required string Teacher { get; init; }

    /// <summary>GLUE tasks.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }

    /// <summary>How many of the tasks, the first ones, have ablations.</summary>
    public int AblatedTasks { get; init; }

    /// <summary>Training rows of the teacher of a large task (SST-2, QQP, MNLI, QNLI); null for all.</summary>
    public int? TeacherRows { get; init; }

    /// <summary>Training rows of the network on a task of single sentences; null for the teacher's.</summary>
    public int? SentenceRows { get; init; }

    /// <summary>Training rows of the network on a task of pairs, which are twice as long; null for the teacher's.</summary>
    public int? PairRows { get; init; }

    /// <summary>How stages 1 and 2 augment the network's rows; null to leave them.</summary>
    public AugmentationSettings? Augmentation { get; init; }

    /// <summary>Word vectors for augmentation; null for none.</summary>
    public GloveSource? Glove { get; init; }

    /// <summary>How many seeds.</summary>
    public required int Seeds { get; init; }

    /// <summary>How the teacher is fine-tuned.</summary>
    public required TrainingRecipe TeacherRecipe { get; init; }

    /// <summary>How a stage trains, but for the epochs.</summary>
    public required TrainingRecipe Recipe { get; init; }

    /// <summary>Epochs of stage 1.</summary>
    public required int WidthEpochs { get; init; }

    /// <summary>Epochs of stage 1 on the labels alone, whose rows are not augmented.</summary>
    public required int LabelEpochs { get; init; }

    /// <summary>Epochs of stage 2.</summary>
    public required int DepthEpochs { get; init; }

    /// <summary>Epochs of the final fine-tuning.</summary>
    public required int FinalEpochs { get; init; }

    /// <summary>Paper or authors' code.</summary>
    public Switches Switches { get; init; } = Switches.Paper;

    /// <summary>Rounds of the timing; 0 for none.</summary>
    public int SpeedRounds { get; init; }

    /// <summary>The settings of a profile.</summary>
    /// <exception cref="ReplicationException">There is no such profile here.</exception>
    public static ProfileSettings Of(Profile profile) => profile switch
    {
        Profile.Quick => Small with { Tasks = ["SST-2"], Seeds = 1, AblatedTasks = 0, SentenceRows = 4000, SpeedRounds = 3 },
        Profile.Small => Small,
        Profile.Paper => Paper,
        _ => throw new ReplicationException(
            $"DynaBERT has no profile {profile.ToString().ToLowerInvariant()}: no independent run of it is at hand; choose quick, small or paper.", ReplicationException.UsageError),
    };

    // 58 minutes were expected on 2 cores beside the teachers, at 4,850 training tokens a second of the whole network and 6,000 of its
    // passes; the runs took 101 minutes of one core. Twelve sub-networks cost 5.8 whole ones. STS-B stands where MRPC might: on MRPC the small teacher has nothing to
    // teach (an accuracy of 71.6 where the larger class has 68.4). A run on the labels alone has half the rows and twice the
    // epochs, so that it takes as many steps as the run that it is compared with.
    private static ProfileSettings Small { get; } = new()
    {
        Teacher = "minilm-l6",
        Tasks = ["SST-2", "CoLA", "STS-B"],
        AblatedTasks = 2,
        TeacherRows = 8000,
        SentenceRows = 2560,
        PairRows = 1600,
        Augmentation = new AugmentationSettings { RowsPerRow = 1, Precision = Precision.Bf16 },
        Seeds = 3,
        TeacherRecipe = StandardRecipes.SmallTeacher,
        Recipe = Recipes.Small,
        WidthEpochs = 1,
        LabelEpochs = 2,
        DepthEpochs = 1,
        FinalEpochs = 1,
        SpeedRounds = 5,
    };

    private static ProfileSettings Paper { get; } = new()
    {
        Teacher = "bert-base-uncased",
        Tasks = ["CoLA", "SST-2", "STS-B", "MRPC", "RTE", "MNLI", "QQP", "QNLI"],
        AblatedTasks = 8,
        Augmentation = new AugmentationSettings(),
        Seeds = 1,
        TeacherRecipe = Recipes.Paper,
        Recipe = Recipes.PaperStage,
        WidthEpochs = 3,
        LabelEpochs = 3,
        DepthEpochs = 3,
        FinalEpochs = 3,
        SpeedRounds = 10,
    };
}
