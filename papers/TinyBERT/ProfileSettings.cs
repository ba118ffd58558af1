using Replication.Augmentation;
using Replication.Corpus;
using Replication.Papers;

namespace Replication.TinyBERT;

/// <summary>How much is spent on a family of runs whose members are compared.</summary>
/// <param name="GeneralSteps">Steps of general distillation; null for the recipe's epochs.</param>
/// <param name="Rows">Training rows of a task; null for all.</param>
/// <param name="Augmentation">p_t, N_a, K.</param>
/// <param name="IntermediateEpochs">Epochs of the intermediate step; null for the paper's.</param>
/// <param name="PredictionEpochs">Epochs of the prediction step.</param>
/// <param name="LabelEpochs">Epochs on the original rows' labels.</param>
public sealed record Budget(
    int? GeneralSteps, int? Rows, AugmentationSettings Augmentation, int? IntermediateEpochs, int PredictionEpochs, int LabelEpochs);

/// <summary>What a profile fixes, before the user's own wishes.</summary>
public sealed record ProfileSettings
{
    /// <summary>The pretrained teacher.</summary>
    public required string Teacher { get; init; }

    /// <summary>The student.</summary>
    public required Student Student { get; init; }

    /// <summary>GLUE tasks.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }

    /// <summary>How many seeds.</summary>
    public required int Seeds { get; init; }

    /// <summary>The text of general distillation.</summary>
    public required CorpusSource Corpus { get; init; }

    /// <summary>Training rows of the teacher; null for all.</summary>
    public int? TeacherRows { get; init; }

    /// <summary>The whole pipeline, with the student that learns from labels only.</summary>
    public required Budget Main { get; init; }

    /// <summary>The rows of Tables 2 to 4, each compared with a pipeline of this budget; null for none.</summary>
    public Budget? Ablations { get; init; }

    /// <summary>Whether the prediction step searches the paper's grid.</summary>
    public bool Searches { get; init; }

    /// <summary>Rounds of Table 1's timing.</summary>
    public required int SpeedRounds { get; init; }

    /// <summary>The settings of a profile.</summary>
    /// <exception cref="ReplicationException">The paper has no such profile.</exception>
    public static ProfileSettings Of(Profile profile, string? corpus) => profile switch
    {
        // Estimated for 2 cores at 8,000 training tokens a second of the student and 15,000 of the teacher's passes: 13 minutes.
        Profile.Quick => new ProfileSettings
        {
            Teacher = "minilm-l6",
            Student = Student.Small3,
            Tasks = ["SST-2"],
            Seeds = 1,
            Corpus = OwnOrEmbedded(corpus),
            TeacherRows = 8000,
            Main = new Budget(180, 8000, new AugmentationSettings { RowsPerRow = 3 }, IntermediateEpochs: 2, PredictionEpochs: 2, LabelEpochs: 5),
            SpeedRounds = 2,
        },
        Profile.Small => new ProfileSettings
        {
            Teacher = "minilm-l6",
            Student = Student.Small3,
            Tasks = ["SST-2", "CoLA"],
            Seeds = 3,
            Corpus = OwnOrEmbedded(corpus),
            TeacherRows = 8000,
            Main = new Budget(1000, 8000, new AugmentationSettings { RowsPerRow = 2 }, IntermediateEpochs: 2, PredictionEpochs: 2, LabelEpochs: 5),
            Ablations = new Budget(100, 3000, new AugmentationSettings { RowsPerRow = 1 }, IntermediateEpochs: 1, PredictionEpochs: 1, LabelEpochs: 3),
            SpeedRounds = 3,
        },
        Profile.Paper => new ProfileSettings
        {
            Teacher = "bert-base-uncased",
            Student = Student.Tiny4,
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

    private static Budget PapersBudget { get; } = new(null, null, new AugmentationSettings(), IntermediateEpochs: null, PredictionEpochs: 3, LabelEpochs: 3);
}
