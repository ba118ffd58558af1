using Replication.Augmentation;
using Replication.Distillation;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.TinyBERT;

/// <summary>
/// How the stages of one variant depend on each other: unchanged, it is what the paper calls TinyBERT; each variant changes one thing.
/// Replicates share teacher, new rows and the general student unless they are whole; each has its own task distillation.
/// </summary>
/// <param name="Profile">What the profile fixes.</param>
/// <param name="Budget">How much is spent.</param>
public sealed record Pipeline(TinyBertProfile Profile, Budget Budget)
{
    /// <summary>The student.</summary>
    public Student Student { get; init; } = Profile.Student;

    /// <summary>Terms, map and switches of the inner losses, in both stages.</summary>
    public TransformerDistillation Method { get; init; } = Profile.Switches.Method;

    /// <summary>Whether the student comes from general distillation.</summary>
    public bool HasGeneral { get; init; } = true;

    /// <summary>Whether task distillation has its intermediate step.</summary>
    public bool HasIntermediate { get; init; } = true;

    /// <summary>Whether the intermediate step sees new rows.</summary>
    public bool AugmentsIntermediate { get; init; } = true;

    /// <summary>Whether the last step sees new rows.</summary>
    public bool AugmentsPrediction { get; init; } = true;

    /// <summary>What the last step learns.</summary>
    public PredictionTarget Target { get; init; } = PredictionTarget.Teacher;

    /// <summary>Share of the training rows that no stage but general distillation sees; of searches, 0 otherwise.</summary>
    public double HoldOut { get; init; }

    /// <summary>Which layer of the student learns from which of the teacher.</summary>
    public LayerMap LayerMap => TinyLayerMaps.Of(Method.Map, PretrainedModels.Depth(Profile.Teacher), Student.Layers);

    private Switches Switches => Profile.Switches;

    private Student Geometry => Student with { ReluBeforeClassifier = Switches.ReluBeforeClassifier };

    /// <summary>
    /// The last step with all before it. A search on dev is the measurement itself; one on held-out rows precedes it, with stages of its
    /// own that have not seen them.
    /// </summary>
    public RunSpec Run(GlueTask task, int replicate) => Profile switch
    {
        { Searches: false } or { Switches.FollowsReadme: true } => Prediction(task, replicate),
        { HoldOut: 0 } => Search(task, replicate, "dev"),
        _ => Prediction(task, replicate) with { RecipeOf = (this with { HoldOut = Profile.HoldOut }).Search(task, 1, "held-out") },
    };

    private SelectionSpec Search(GlueTask task, int replicate, string split)
    {
        var step = Prediction(task, replicate);
        return new()
        {
            Name = $"{step.Identity().Variant}: rate and batch",
            Candidates = [.. Recipes.Grid(step.Recipe).Select(recipe => step with { Recipe = recipe })],
            Split = split, Metric = GlueScorer.Name(task.MainMetric),
        };
    }

    /// <summary>The last step without any search.</summary>
    public PredictionSpec Prediction(GlueTask task, int replicate)
    {
        // STS-B predicts on the original rows, as in the paper; the authors' program teaches it the labels, of new rows as well.
        var isDistilled = Target == PredictionTarget.Teacher;
        var regresses = isDistilled && task.IsRegression && Switches.RegressesOnLabels;
        var augments = AugmentsPrediction && (regresses || !(isDistilled && task.IsRegression));
        var target = regresses ? PredictionTarget.Labels : Target;
        var recipe = Budget.Task is { } own
            ? Recipes.ShortPrediction(Epochs(own.PredictionEpochs, augments), own.PredictionRate, task.IsPair)
            : Switches.FollowsReadme ? Recipes.ReadmePrediction
            : Recipes.PaperPrediction(task.IsPair);
        return new PredictionSpec
        {
            Selection = Rows(task),
            Teacher = Teacher(task, replicate),
            Student = Geometry,
            Start = HasIntermediate ? Intermediate(task, replicate) : HasGeneral ? General(replicate) : null,
            Augmentation = augments ? Augmentation(task, replicate) : null,
            Target = target,
            Soft = Switches.Soft,
            TeacherDropout = target == PredictionTarget.Teacher && Switches.Method.TeacherDropout,
            Recipe = With(Switches.Prediction(recipe)),
            Seed = replicate,
        };
    }

    /// <summary>The intermediate step.</summary>
    public IntermediateSpec Intermediate(GlueTask task, int replicate)
    {
        var recipe = Budget.Task is { } own
            ? Recipes.ShortIntermediate(Epochs(own.IntermediateEpochs, AugmentsIntermediate), own.IntermediateRate, task.IsPair)
            : Switches.FollowsReadme ? Recipes.ReadmeIntermediate
            : Recipes.PaperIntermediate(task.Name, task.IsPair);
        return new IntermediateSpec
        {
            Selection = Rows(task),
            Teacher = Teacher(task, replicate),
            Student = Geometry,
            General = HasGeneral ? General(replicate) : null,
            Augmentation = AugmentsIntermediate ? Augmentation(task, replicate) : null,
            Method = Method,
            Recipe = With(Switches.Intermediate(recipe)),
            Seed = replicate,
        };
    }

    /// <summary>
    /// General distillation: one student serves all tasks and, unless they are whole, all replicates, since it is the costliest stage, and
    /// the paper has one too.
    /// </summary>
    public GeneralDistillationSpec General(int replicate = 1) => new()
    {
        Teacher = Profile.Teacher,
        Student = Geometry,
        Corpus = Profile.Corpus,
        Method = Method,
        HasPairs = Switches.HasPairs || Budget.General is null,
        Recipe = With(Switches.General(Budget.General is { } general ? Recipes.ShortGeneral(general) : Recipes.PaperGeneral)),
        Seed = Profile.SharedSeed(replicate),
    };

    /// <summary>The new rows.</summary>
    public AugmentationSpec Augmentation(GlueTask task, int replicate = 1) => new()
    {
        Selection = Rows(task),
        Model = Profile.Teacher,
        Settings = (Switches.OfficialAugmentation ? Budget.Augmentation.AsTheCode(task.Name, Budget.Task is not null) : Budget.Augmentation)
            with { Precision = Profile.Precision, IsInTurn = Switches.AugmentsInTurn },
        MaxLength = AugmentationSpec.LengthOf(task),
        Glove = Profile.Glove,
        Seed = Profile.SharedSeed(replicate),
    };

    private TaskSelection Rows(GlueTask task) =>
        new() { Task = task.Name, Rows = Budget.Rows.Of(task), HoldOut = HoldOut, HoldsOutTexts = HoldOut > 0 };

    private FineTuneSpec Teacher(GlueTask task, int replicate)
    {
        var teacher = Profile.FineTuned(task, Profile.SharedSeed(replicate));
        return HoldOut == 0 ? teacher : teacher with { Selection = Rows(task) };
    }

    private int Epochs(int epochs, bool augments) => augments ? epochs : epochs * Budget.OriginalRowsFactor;

    private TrainingRecipe With(TrainingRecipe recipe) => recipe with { Precision = Profile.Precision };
}
