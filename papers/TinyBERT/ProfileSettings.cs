using Replication.Augmentation;
using Replication.Bert;
using Replication.Corpus;
using Replication.Studies;

namespace Replication.TinyBERT;

/// <summary>What a profile fixes, before the user's own wishes.</summary>
public sealed record ProfileSettings
{
    /// <summary>The pretrained teacher.</summary>
    public required string Teacher { get; init; }

    /// <summary>The student.</summary>
    public required Student Student { get; init; }

    /// <summary>The student of Table 5, which takes the whole pipeline; null for none.</summary>
    public Student? Six { get; init; }

    /// <summary>GLUE tasks.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }

    /// <summary>How many seeds.</summary>
    public required int Seeds { get; init; }

    /// <summary>The text of general distillation.</summary>
    public required CorpusSource Corpus { get; init; }

    /// <summary>Word vectors for augmentation; null for none.</summary>
    public GloveSource? Glove { get; init; }

    /// <summary>Training rows of the teacher; null for all.</summary>
    public int? TeacherRows { get; init; }

    /// <summary>The whole pipeline, with the student that learns from labels only.</summary>
    public required Budget Main { get; init; }

    /// <summary>The rows of Tables 2 to 4, each compared with a pipeline of this budget; null for none.</summary>
    public Budget? Ablations { get; init; }

    /// <summary>Whether the prediction step searches the paper's grid.</summary>
    public bool Searches { get; init; }

    /// <summary>Where paper and code differ.</summary>
    public Switches Switches { get; init; } = Switches.Paper;

    /// <summary>Rounds of Table 1's timing.</summary>
    public required int SpeedRounds { get; init; }

    /// <summary>The settings of a profile.</summary>
    /// <exception cref="ReplicationException">The paper has no such profile.</exception>
    public static ProfileSettings Of(Profile profile, string? corpus) => profile switch
    {
        // Estimated for 2 cores from measured speeds; a step of 32 rows (424 tokens): 75 ms intermediate, 50 ms prediction or labels; 6,900 tokens a second of general
        // distillation. In seconds: teacher 90 + timing 60 + general 105 + new rows 75 + outputs 60 + 1,500 x 0.075 + 3 x 750 x 0.05 + saving 15 = 10.5 minutes.
        Profile.Quick => new ProfileSettings
        {
            Teacher = "minilm-l6",
            Student = Student.Small3,
            Tasks = ["SST-2"],
            Seeds = 1,
            Corpus = OwnOrEmbedded(corpus),
            TeacherRows = 8000,
            Main = new Budget(new GeneralBudget(700, 16, 64), 8000, NewRows(2), ShortTask),
            SpeedRounds = 2,
        },
        // The same speeds. In minutes: teachers and timing 4, general 1,000 x 4,096 tokens 10, new rows and outputs 5, six pipelines (1,500 x 0.075 + 750 x 0.05 s) 16,
        // twelve students of labels (750 x 0.05 s) 8.5; ablations: 7 general x 250 x 1,024 tokens 4.5, 54 intermediate and 66 prediction steps of 150 updates with 3 to 4 s each
        // to open and save 25: 73 in all. The runs took 121 minutes of one core.
        Profile.Small => new ProfileSettings
        {
            Teacher = "minilm-l6",
            Student = Student.Small3,
            Tasks = ["SST-2", "CoLA"],
            Seeds = 3,
            Corpus = OwnOrEmbedded(corpus),
            TeacherRows = 8000,
            Main = new Budget(new GeneralBudget(1000, 32, 128), 8000, NewRows(2), ShortTask),
            Ablations = new Budget(new GeneralBudget(250, 16, 64), 2400, NewRows(1), new TaskBudget(1, 5e-4, 1, 2e-4)),
            SpeedRounds = 3,
        },
        Profile.Paper => new ProfileSettings
        {
            Teacher = "bert-base-uncased",
            Student = Student.Tiny4,
            Six = Student.Tiny6,
            Tasks = ["MNLI", "QQP", "QNLI", "SST-2", "CoLA", "STS-B", "MRPC", "RTE"],
            Seeds = 1,
            Corpus = CorpusSource.OfUser(corpus),
            Main = PapersBudget,
            Ablations = PapersBudget,
            Searches = true,
            SpeedRounds = 10,
        },
        _ => throw new ReplicationException("TinyBERT has no reference profile; choose quick, small or paper.", ReplicationException.UsageError),
    };

    // Without --corpus the text that comes with this repository, so that every small profile runs from a fresh checkout.
    private static CorpusSource OwnOrEmbedded(string? corpus) => corpus is null ? CorpusSource.Embedded : CorpusSource.OfUser(corpus);

    // Of 8,000 rows and two new ones of each: 1,500 updates of the inner states, 750 of the prediction; labels alone take 750 too, 3 epochs.
    private static TaskBudget ShortTask { get; } = new(2, 3e-4, 1, 1e-4);

    private static AugmentationSettings NewRows(int count) => new() { RowsPerRow = count, Precision = Precision.Bf16 };

    private static Budget PapersBudget { get; } = new(null, null, new AugmentationSettings(), null);
}
