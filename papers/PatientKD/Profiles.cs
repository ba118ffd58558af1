using Replication.Bert;
using Replication.Claims;
using Replication.Glue;
using Replication.Glue.Race;
using Replication.Studies;
using Replication.Training;

namespace Replication.PatientKD;

/// <summary>How teachers and students train. The loss is in <see cref="PatientKdLoss"/>, its weights in <see cref="Grid"/>.</summary>
public static class Recipes
{
    /// <summary>
    /// Section 4.2: batches of 32, 4 epochs, at most 128 tokens; the rate is searched. Optimizer and epsilon are those of the BERT code
    /// that the authors' program imports. Figure 2 needs scores while training, here ten times an epoch.
    /// </summary>
    public static TrainingRecipe Paper { get; } = new()
    {
        BatchSize = 32, Epochs = 4, MaxLength = 128, Precision = Precision.Bf16,
        Optimizer = OptimizerKind.BertAdam, Epsilon = 1e-6,
        EvaluationsPerEpoch = 10, TrainSampleRows = 2000,
    };

    /// <summary>
    /// As the authors' program really trains: rows in file order in every epoch, since the shuffling sampler is made and not used, and
    /// no dropout after the first epoch, since evaluation switches it off and nothing switches it on again. Its scripts train teachers
    /// and PKD in 16 bits with FusedAdam, KD and students on labels in fp32 with BertAdam.
    /// </summary>
    public static TrainingRecipe AsTheScriptsTrain(TrainingRecipe recipe, bool in16Bits) => recipe with
    {
        Order = BatchOrder.Sequential, DropoutEpochs = 1, Optimizer = in16Bits ? OptimizerKind.FusedAdam : OptimizerKind.BertAdam,
        Epsilon = in16Bits ? 1e-8 : 1e-6, Precision = in16Bits ? recipe.Precision : Precision.Fp32,
    };
}

/// <summary>
/// The points of a search in the paper's two steps: learning rate, alpha and T of plain distillation; then, with that alpha
/// and T, learning rate and beta of Patient-KD.
/// </summary>
/// <param name="Name">How reports name the grid.</param>
/// <param name="LearningRates">Peak learning rates of both steps.</param>
/// <param name="SoftTargets">alpha with T.</param>
/// <param name="Betas">Weights of the patience term.</param>
public sealed record Grid(
    string Name, IReadOnlyList<double> LearningRates,
    IReadOnlyList<(double Alpha, double Temperature)> SoftTargets, IReadOnlyList<double> Betas)
{
    /// <summary>Rates of teachers and of students that learn from labels.</summary>
    public IReadOnlyList<double> LabelRates { get; init; } = LearningRates;

    /// <summary>Whether [CLS] states have unit length; null for what the form of the loss says.</summary>
    public IReadOnlyList<bool?> Normalised { get; init; } = [null];

    /// <summary>Whether beta is searched with alpha and T, and not after them.</summary>
    public bool IsJoint { get; init; }

    /// <summary>Section 4.2: rates 5e-5, 2e-5, 1e-5; T 5, 10, 20 with alpha 0.2, 0.5, 0.7; then beta 10, 100, 500, 1000.</summary>
    public static Grid Paper { get; } = new(
        "the paper's grid",
        [5e-5, 2e-5, 1e-5],
        [.. from temperature in (double[])[5, 10, 20] from alpha in (double[])[0.2, 0.5, 0.7] select (alpha, temperature)],
        [10, 100, 500, 1000]);

    /// <summary>
    /// Five runs a task: the diagonal of the paper's alpha and T, then beta a power of ten apart around the values that the
    /// authors' best runs have most often; one learning rate.
    /// </summary>
    public static Grid Diagonal { get; } = new("the diagonal grid", [5e-5], [(0.2, 5), (0.5, 10), (0.7, 20)], [100, 1000]);

    /// <summary>
    /// Nine points for every way to train, so that none has more tries than another: nine rates on labels; for KD the diagonal with the
    /// paper's rates; for PKD, with that alpha and T, three betas with these rates.
    /// </summary>
    public static Grid Nine { get; } = Diagonal with
    {
        Name = "nine points a method", LearningRates = Paper.LearningRates, Betas = [10, 100, 1000],
        LabelRates = [1e-5, 1.5e-5, 2e-5, 2.5e-5, 3e-5, 4e-5, 5e-5, 7.5e-5, 1e-4],
    };

    /// <summary>The authors' script of PKD as "best" runs it: [CLS] states as they are and of unit length, 24 points.</summary>
    public static Grid Script { get; } = Paper with { Name = "the authors' grid", Normalised = [true, false] };

    /// <summary>The same as "grid" runs it: beta with alpha and T, 216 points (--fidelity grid).</summary>
    public static Grid Joint { get; } = Script with { Name = "the authors' joint grid", IsJoint = true };

    /// <summary>No search: the values of the authors' best BERT6-PKD-Skip run on SST-2, for KD and all maps alike.</summary>
    public static Grid AuthorsSst2 { get; } = new("the authors' SST-2 values", [5e-5], [(0.5, 10)], [100]);

    /// <summary>The values of that run on RACE.</summary>
    public static Grid AuthorsRace { get; } = new("the authors' RACE values", [5e-5], [(0.5, 5)], [100]);

    /// <summary>Candidates of the first step.</summary>
    public int KdPoints => LearningRates.Count * SoftTargets.Count;

    /// <summary>Candidates of the second.</summary>
    public int PkdPoints => LearningRates.Count * Betas.Count * Normalised.Count * (IsJoint ? SoftTargets.Count : 1);
}

/// <summary>What a profile fixes, with the user's wishes.</summary>
public sealed record PatientKdProfile : ProfileSettings
{
    /// <summary>Base model of a second, deeper teacher (Table 5); null for none.</summary>
    public string? DeepTeacher { get; init; }

    /// <summary>Whether each replicate trains a teacher too; students learn from the first unless replicates are whole.</summary>
    public bool TeacherPerReplicate { get; init; }

    /// <summary>The search.</summary>
    public required Grid Grid { get; init; }

    /// <summary>Share of the training rows on which the search chooses; 0 to choose on dev, as the paper did.</summary>
    public double HoldOut { get; init; }

    /// <summary>Whether <see cref="Recipes.AsTheScriptsTrain"/> changes the recipes.</summary>
    public bool FollowsScripts { get; init; }

    /// <summary>Form of the loss; the grid gives alpha, T and beta.</summary>
    public required PatientKdLoss Loss { get; init; }

    /// <summary>How Table 3 is run, on its first task: no search; null where it is not.</summary>
    public PatientKdProfile? Race { get; init; }

    /// <summary>The students' depths as shares of the teacher's: 2 for half, as BERT6 has, 4 for a quarter, as BERT3.</summary>
    public required IReadOnlyList<int> Shares { get; init; }

    /// <summary>The students' depths, those of one layer left out, since it has none to map.</summary>
    public IReadOnlyList<int> StudentLayers =>
        [.. Shares.Select(share => PretrainedModels.Depth(Teacher) / share).Where(layers => layers >= 2)];

    /// <summary>The profile of a request.</summary>
    /// <exception cref="ReplicationException">A task, teacher, form or number of replicates that cannot be used.</exception>
    public static PatientKdProfile Of(ExperimentRequest request)
    {
        var own = request.AppliedTo(Of(request.Profile).With(request.Fidelity));
        return own with
        {
            FineTuning = own.FineTuning with { Precision = request.Precision },
            Race = request.Tasks.Count > 0 || own.Race?.With(request.Fidelity) is not { } race ? null
                : race with
                {
                    Teacher = own.Teacher, Replicates = race.IsWhole ? own.Replicates : race.Replicates,
                    FineTuning = race.FineTuning with { Precision = request.Precision },
                },
        };
    }

    private static PatientKdProfile Of(Profile profile) => profile switch
    {
        Profile.Quick => Small with { Tasks = [GlueTasks.Sst2], Replicates = 1, Grid = Grid.AuthorsSst2, HoldOut = 0, SpeedRounds = 3 },
        // Table 3: minutes a training, most of them dev's 4,887 questions; alpha, T and beta are the authors' best on RACE.
        Profile.Small => Small with
        {
            Race = Small with
            {
                Tasks = [RaceEncoder.MiddleTask], Rows = RowLimit.OfEachTask(960), Replicates = 1, Grid = Grid.AuthorsRace, HoldOut = 0,
                FineTuning = StandardRecipes.SmallTeacher with { BatchSize = 16, EvaluationInterval = 180, TrainSampleRows = 0 },
            },
        },
        // evidence.md has the reasons. alpha, T and beta are the authors' best on SST-2, so that no row of ours has chosen.
        Profile.Evidence => Small with
        {
            Tasks = [GlueTasks.Sst2], Replicates = 16, Looks = LookPlan.Twice(16), IsWhole = true, TeacherPerReplicate = true,
            Grid = Grid.AuthorsSst2, HoldOut = 0, StudentTuning = StandardRecipes.SmallTeacher with { Epochs = 5, EvaluationsPerEpoch = 1 },
        },
        Profile.Paper => Paper with
        {
            Race = Paper with
            {
                Tasks = [RaceEncoder.Task],
                FineTuning = Recipes.Paper with { MaxLength = 512, EvaluationsPerEpoch = 1, TrainSampleRows = 0 },
            },
        },
        // The recipe of an independent PyTorch run (reference.csv): teachers of seeds 1 to 3, and students from the teacher of seed 1.
        Profile.Reference => Small with
        {
            Tasks = [GlueTasks.Sst2, GlueTasks.Stsb], TeacherPerReplicate = true,
            Grid = Grid.AuthorsSst2, HoldOut = 0, Loss = PatientKdLoss.Reference, SpeedRounds = 0,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(profile), profile, null),
    };

    // The default mixes: reductions of the authors' code, since the published alpha, T and beta were found with them; unit-length [CLS]
    // states as in the paper's formula; shuffled rows and dropout throughout, as the paper has it.
    private PatientKdProfile With(Fidelity fidelity) => fidelity switch
    {
        Fidelity.Default => this,
        _ when Loss == PatientKdLoss.Reference => throw PatientKdLoss.Refused(
            $"--fidelity changes the method, and profile reference has that of the PyTorch run; use another profile."),
        Fidelity.Paper => AsSearched(Grid.Paper) with { Loss = PatientKdLoss.Paper },
        Fidelity.Grid when Grid != Grid.Nine => throw PatientKdLoss.Refused(
            $"--fidelity grid searches {Grid.Joint.PkdPoints} points, and this profile has a grid of its own; use --profile paper."),
        _ => AsSearched(fidelity == Fidelity.Grid ? Grid.Joint : Grid.Script) with
        {
            Loss = PatientKdLoss.OfficialCode, FollowsScripts = true,
        },
    };

    // Profile paper in a form of its own: by that grid, on dev, which is then reported.
    private PatientKdProfile AsSearched(Grid grid) => Grid == Grid.Nine ? this with { Grid = grid, HoldOut = 0 } : this;

    private static PatientKdProfile Small { get; } = new()
    {
        Teacher = "minilm-l6",
        Tasks = [GlueTasks.Sst2, GlueTasks.Mrpc],
        Rows = RowLimit.OfLargeTasks(8000),
        Replicates = 3,
        Looks = LookPlan.Once(8),
        Grid = Grid.Diagonal,
        HoldOut = 0.1,
        Loss = PatientKdLoss.Default,
        Shares = [2],
        SpeedRounds = 5,
    };

    private static PatientKdProfile Paper { get; } = new()
    {
        // Table 5 has BERT-large for a second teacher.
        Teacher = "bert-base-uncased",
        DeepTeacher = "bert-large-uncased",
        Tasks = [GlueTasks.Sst2, GlueTasks.Mrpc, GlueTasks.Qqp, GlueTasks.Mnli, GlueTasks.Qnli, GlueTasks.Rte],
        Replicates = 1,
        Looks = LookPlan.Once(8),
        IsWhole = true,
        TeacherPerReplicate = true,
        Grid = Grid.Nine,
        HoldOut = 0.1,
        FineTuning = Recipes.Paper,
        Loss = PatientKdLoss.Default,
        Shares = [2, 4],
        SpeedRounds = 10,
    };
}
