using Replication.Studies;
using Replication.Training;

namespace Replication.PatientKD;

/// <summary>What a profile fixes, before the user's own wishes.</summary>
public sealed record ProfileSettings
{
    /// <summary>Base model of the teacher, and of the students.</summary>
    public required string Teacher { get; init; }

    /// <summary>Base model of a second, deeper teacher (Table 5); null for none.</summary>
    public string? DeepTeacher { get; init; }

    /// <summary>GLUE tasks.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }

    /// <summary>Training rows of the large tasks (SST-2, QQP, MNLI, QNLI); null for all.</summary>
    public int? Rows { get; init; }

    /// <summary>How many seeds.</summary>
    public required int Seeds { get; init; }

    /// <summary>Whether each seed trains a teacher too; students learn from the first in any case.</summary>
    public bool TeacherPerSeed { get; init; }

    /// <summary>The search.</summary>
    public required Grid Grid { get; init; }

    /// <summary>Share of the training rows on which the search chooses; 0 to choose on dev, as the paper did.</summary>
    public double HoldOut { get; init; }

    /// <summary>How teachers and students are trained.</summary>
    public required TrainingRecipe Recipe { get; init; }

    /// <summary>Form of the loss; the grid gives alpha, T and beta.</summary>
    public required PatientKdLoss Loss { get; init; }

    /// <summary>Depths of the students as shares of the teacher's: 2 for half.</summary>
    public required IReadOnlyList<int> Shares { get; init; }

    /// <summary>Rounds of Table 4's timing; 0 for none.</summary>
    public int SpeedRounds { get; init; }

    /// <summary>The settings of a profile.</summary>
    public static ProfileSettings Of(Profile profile) => profile switch
    {
        Profile.Quick => Small with { Tasks = ["SST-2"], Seeds = 1, Grid = Grid.AuthorsSst2, HoldOut = 0, SpeedRounds = 3 },
        Profile.Small => Small,
        Profile.Paper => Paper,
        Profile.Reference => Small with
        {
            Tasks = ["SST-2", "STS-B"], TeacherPerSeed = true, Grid = Grid.AuthorsSst2, HoldOut = 0, Loss = PatientKdLoss.Reference, SpeedRounds = 0,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(profile), profile, null),
    };

    /// <summary>
    /// The settings with a form of the method. The default mixes: reductions of the authors' code, since the published alpha, T and beta were
    /// found with them; unit-length [CLS] states as in the paper's formula; shuffled rows and dropout throughout, as the paper has it.
    /// </summary>
    /// <exception cref="ReplicationException">The profile has a form of its own.</exception>
    public ProfileSettings With(Fidelity fidelity) => fidelity switch
    {
        Fidelity.Default => this,
        _ when Loss == PatientKdLoss.Reference => throw new ReplicationException(
            "--fidelity changes the method, and profile reference has that of the PyTorch run; use another profile.", ReplicationException.UsageError),
        Fidelity.Paper => this with { Loss = PatientKdLoss.Paper },
        _ => this with { Loss = PatientKdLoss.OfficialCode, Recipe = Recipes.AsTheCodeTrains(Recipe) },
    };

    private static ProfileSettings Small { get; } = new()
    {
        Teacher = "minilm-l6",
        Tasks = ["SST-2", "MRPC"],
        Rows = 8000,
        Seeds = 3,
        Grid = Grid.Diagonal,
        HoldOut = 0.1,
        Recipe = StandardRecipes.SmallTeacher,
        Loss = PatientKdLoss.Default,
        Shares = [2],
        SpeedRounds = 5,
    };

    private static ProfileSettings Paper { get; } = new()
    {
        Teacher = "bert-base-uncased",
        DeepTeacher = "bert-large-uncased",
        Tasks = ["SST-2", "MRPC", "QQP", "MNLI", "QNLI", "RTE"],
        Seeds = 1,
        TeacherPerSeed = true,
        Grid = Grid.Paper,
        Recipe = Recipes.Paper,
        Loss = PatientKdLoss.Default,
        Shares = [2, 4],
        SpeedRounds = 10,
    };
}
