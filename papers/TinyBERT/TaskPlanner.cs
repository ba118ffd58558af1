using Replication.Augmentation;
using Replication.Bert;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.TinyBERT;

/// <summary>The runs of one task's variants. Seeds share teacher, new rows and the general student; each has its own task distillation.</summary>
internal sealed class TaskPlanner(GlueTask task, ProfileSettings settings, Precision precision)
{
    // The paper's grid of the prediction step.
    private static readonly double[] Rates = [1e-5, 2e-5, 3e-5];
    private static readonly int[] Batches = [16, 32];

    private Switches Switches => settings.Switches;

    private Student Student => settings.Student with { ReluBeforeClassifier = Switches.ReluBeforeClassifier };

    /// <summary>The task.</summary>
    public GlueTask Task => task;

    /// <summary>The teacher, the same for all budgets; in quick and small the run that Patient-KD's teacher is.</summary>
    public FineTuneSpec Teacher => new()
    {
        Selection = new TaskSelection { Task = task.Name, Rows = Limit(task, settings.TeacherRows) },
        BaseModel = settings.Teacher,
        Recipe = With(settings.Searches ? new TrainingRecipe { Precision = Precision.Bf16, LearningRate = 2e-5 } : StandardRecipes.SmallTeacher, precision),
        Seed = 1,
    };

    /// <summary>A variant's runs, one a seed.</summary>
    public VariantRuns Runs(Variant variant, Budget budget) => new(variant, [.. Enumerable.Range(1, settings.Seeds).Select(seed => Run(variant, budget, seed))]);

    /// <summary>The intermediate step that a variant's run starts from; null where it has none.</summary>
    public static IntermediateSpec? IntermediateOf(RunSpec run) => Prediction(run).Start as IntermediateSpec;

    /// <summary>The prediction step that a variant's run is, or for a search its first candidate.</summary>
    public static PredictionSpec Prediction(RunSpec run) => run switch
    {
        PredictionSpec prediction => prediction,
        SelectionSpec search => (PredictionSpec)search.Candidates[0],
        _ => throw new ArgumentException($"A {run.Kind} is no variant's run.", nameof(run)),
    };

    private RunSpec Run(Variant variant, Budget budget, int seed)
    {
        var general = General(variant, budget);
        return variant switch
        {
            Variant.LabelsFromRandom => Labels(null, budget, augmented: false, seed),
            Variant.LabelsFromGeneral => Labels(general, budget, augmented: false, seed),
            Variant.WithoutTD => Labels(general, budget, augmented: true, seed),
            Variant.WithoutPred => Labels(Intermediate(variant, budget, general, seed), budget, augmented: false, seed),
            _ => Distilled(Intermediate(variant, budget, variant == Variant.WithoutGD ? null : general, seed), budget, variant != Variant.WithoutDA, seed),
        };
    }

    // One general student a method serves all seeds and tasks: it is the costliest stage, and the paper has one too.
    private GeneralDistillationSpec General(Variant variant, Budget budget) => new()
    {
        Teacher = settings.Teacher,
        Student = Student,
        Corpus = settings.Corpus,
        Method = variant.Of(Switches.Method),
        Recipe = With(Switches.General(budget.General is { } general ? Recipes.ShortGeneral(general) : Recipes.PaperGeneral), precision),
        Seed = 1,
    };

    private IntermediateSpec Intermediate(Variant variant, Budget budget, GeneralDistillationSpec? general, int seed)
    {
        var augmented = variant != Variant.WithoutDA;
        var recipe = budget.Task is { } own ? Recipes.ShortIntermediate(Epochs(own.IntermediateEpochs, budget, augmented), own.IntermediateRate, task.IsPair)
            : Switches.FollowsReadme ? Recipes.ReadmeIntermediate
            : Recipes.PaperIntermediate(task.Name, task.IsPair);
        return new IntermediateSpec
        {
            Selection = Rows(budget),
            Teacher = Teacher,
            Student = Student,
            General = general,
            Augmentation = augmented ? Augmentation(budget) : null,
            Method = variant.Of(Switches.Method),
            Recipe = With(Switches.Intermediate(recipe), precision),
            Seed = seed,
        };
    }

    // STS-B predicts on the original rows, as in the paper.
    private RunSpec Distilled(RunSpec start, Budget budget, bool augmented, int seed) => Search(Prediction(
        start, budget, task.IsRegression && Switches.RegressesOnLabels ? PredictionTarget.Labels : PredictionTarget.Teacher, augmented && !task.IsRegression, seed));

    private RunSpec Labels(RunSpec? start, Budget budget, bool augmented, int seed) => Search(Prediction(start, budget, PredictionTarget.Labels, augmented, seed));

    private PredictionSpec Prediction(RunSpec? start, Budget budget, PredictionTarget target, bool augmented, int seed)
    {
        var recipe = budget.Task is { } own ? Recipes.ShortPrediction(Epochs(own.PredictionEpochs, budget, augmented), own.PredictionRate, task.IsPair)
            : Switches.FollowsReadme ? Recipes.ReadmePrediction
            : Recipes.PaperPrediction(task.IsPair);
        return new PredictionSpec
        {
            Selection = Rows(budget),
            Teacher = Teacher,
            Student = Student,
            Start = start,
            Augmentation = augmented ? Augmentation(budget) : null,
            Target = target,
            Soft = Switches.Soft,
            TeacherDropout = target == PredictionTarget.Teacher && Switches.Method.TeacherDropout,
            Recipe = With(Switches.Prediction(recipe), precision),
            Seed = seed,
        };
    }

    private static int Epochs(int epochs, Budget budget, bool augmented) => augmented ? epochs : epochs * budget.OriginalRowsFactor;

    private RunSpec Search(PredictionSpec spec) => !settings.Searches || Switches.FollowsReadme ? spec : new SelectionSpec
    {
        Name = $"{spec.Describe()}: rate and batch",
        Candidates = [.. from rate in Rates from batch in Batches select spec with { Recipe = spec.Recipe with { LearningRate = rate, BatchSize = batch } }],
        Split = "dev",
        Metric = GlueScorer.Name(task.MainMetric),
    };

    private AugmentationSpec Augmentation(Budget budget) => new()
    {
        Selection = Rows(budget),
        Model = settings.Teacher,
        Settings = NewRows(budget) with { Precision = precision },
        MaxLength = AugmentationSpec.LengthOf(task),
        Glove = settings.Glove,
        Seed = 1,
    };

    // The authors' program has a number of new rows for each task; a budget of its own keeps its number.
    private AugmentationSettings NewRows(Budget budget) => !Switches.OfficialAugmentation ? budget.Augmentation : budget.Augmentation with
    {
        OfficialCode = true, RowsPerRow = budget.Task is null ? Recipes.OfficialNewRows(task.Name) : budget.Augmentation.RowsPerRow,
    };

    private TaskSelection Rows(Budget budget) => new() { Task = task.Name, Rows = Limit(task, budget.Rows) };

    // As in Patient-KD's profiles only the large tasks are cut to the teacher's rows; smaller budgets cut every task.
    private static int? Limit(GlueTask task, int? rows) =>
        rows is { } limit && limit >= 8000 && task.Name is not ("SST-2" or "QQP" or "MNLI" or "QNLI") ? null : rows;

    private static TrainingRecipe With(TrainingRecipe recipe, Precision precision) => recipe with { Precision = precision };
}
