using Replication.Bert;
using Replication.Corpus;
using Replication.Studies;
using Replication.Training;

namespace Replication.DistilBERT;

/// <summary>What a profile fixes, before the user's own wishes.</summary>
public sealed record ProfileSettings
{
    /// <summary>The teacher: a pretrained BERT with its prediction head.</summary>
    public required string Teacher { get; init; }

    /// <summary>The text.</summary>
    public required CorpusSource Corpus { get; init; }

    /// <summary>How students are pretrained.</summary>
    public required PretrainingRecipe Pretraining { get; init; }

    /// <summary>The pretrainings.</summary>
    public required IReadOnlyList<Variant> Variants { get; init; }

    /// <summary>GLUE tasks of the paper's student (Table 1).</summary>
    public required IReadOnlyList<string> Tasks { get; init; }

    /// <summary>GLUE tasks on which the other variants are compared with it (Table 4).</summary>
    public required IReadOnlyList<string> AblationTasks { get; init; }

    /// <summary>Task of the second distillation (Table 2's "D"); null for none.</summary>
    public string? DistilledTask { get; init; }

    /// <summary>Training rows of the large tasks (SST-2, QQP, MNLI, QNLI); null for all.</summary>
    public int? Rows { get; init; }

    /// <summary>How many seeds a fine-tuning has.</summary>
    public required int Seeds { get; init; }

    /// <summary>Whether each seed fine-tunes a teacher too.</summary>
    public bool TeacherPerSeed { get; init; }

    /// <summary>How teachers and students are fine-tuned.</summary>
    public required TrainingRecipe FineTuning { get; init; }

    /// <summary>Passes of Table 3's timing over STS-B's dev set.</summary>
    public int SpeedPasses { get; init; } = 1;

    /// <summary>The settings of a profile.</summary>
    public static ProfileSettings Of(Profile profile) => profile switch
    {
        Profile.Quick => Small with
        {
            Variants = [Variant.Triple, Variant.MaskedOnly],
            Tasks = ["SST-2"],
            AblationTasks = ["SST-2"],
            DistilledTask = null,
            Seeds = 1,
            SpeedPasses = 1,
        },
        Profile.Small => Small,
        Profile.Paper => Paper,
        Profile.Reference => throw new ReplicationException("distilbert has no reference profile: there is no other program's run to compare with; use quick, small or paper.", ReplicationException.UsageError),
        _ => throw new ArgumentOutOfRangeException(nameof(profile), profile, null),
    };

    private static ProfileSettings Small { get; } = new()
    {
        Teacher = "minilm-l6",
        Corpus = CorpusSource.Embedded,
        // About 330,000 tokens: minutes on 2 cores. quick has the same, so that small goes on from its pretrainings.
        Pretraining = PretrainingRecipe.Small with { Steps = 80 },
        Variants = [Variant.Triple, Variant.MaskedOnly, Variant.WithoutSoft, Variant.WithoutCosine, Variant.WithoutMasked, Variant.RandomStart],
        Tasks = ["SST-2", "CoLA", "MRPC", "STS-B"],
        AblationTasks = ["SST-2", "STS-B"],
        DistilledTask = "SST-2",
        Rows = 8000,
        Seeds = 3,
        FineTuning = StandardRecipes.SmallTeacher,
        SpeedPasses = 3,
    };

    private static ProfileSettings Paper { get; } = new()
    {
        Teacher = "bert-base-uncased",
        Corpus = CorpusSource.OfUser(null),
        Pretraining = PretrainingRecipe.Paper,
        Variants = Small.Variants,
        Tasks = ["CoLA", "MNLI", "MRPC", "QNLI", "QQP", "RTE", "SST-2", "STS-B", "WNLI"],
        AblationTasks = ["CoLA", "MNLI", "MRPC", "QNLI", "QQP", "RTE", "SST-2", "STS-B", "WNLI"],
        DistilledTask = "SST-2",
        Seeds = 5,
        TeacherPerSeed = true,
        FineTuning = StandardRecipes.SmallTeacher,
        SpeedPasses = 5,
    };
}
