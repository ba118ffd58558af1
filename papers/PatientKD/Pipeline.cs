using Replication.Distillation;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.PatientKD;

/// <summary>How a student is trained.</summary>
public enum Method
{
    /// <summary>On the labels alone.</summary>
    FT,

    /// <summary>Plain distillation.</summary>
    KD,

    /// <summary>Patient-KD with the skip map.</summary>
    Skip,

    /// <summary>Patient-KD with the last map.</summary>
    Last,
}

/// <summary>
/// How teacher, searches and student of one variant depend on each other. A search on the dev set is the measurement itself, so that its
/// choice is what the tables show; one on held-out rows precedes it.
/// </summary>
/// <param name="Profile">What the profile fixes.</param>
public sealed record Pipeline(PatientKdProfile Profile)
{
    /// <summary>Base model of the teacher.</summary>
    public string TeacherModel { get; init; } = Profile.Teacher;

    /// <summary>Pretrained model whose first layers the student starts from.</summary>
    public string BaseModel { get; init; } = Profile.Teacher;

    /// <summary>Layers of the student.</summary>
    public int Layers { get; init; } = PretrainedModels.Depth(Profile.Teacher) / 2;

    /// <summary>How it is trained.</summary>
    public Method Method { get; init; } = Method.Skip;

    /// <summary>Layers of the patience term; null for none. For 12 to 3 the paper's numbers come from the script's map.</summary>
    public LayerMap? Map => Method switch
    {
        Method.Skip when (Depth, Layers) == (12, 3) => PatientLayerMaps.Script(Depth, Layers),
        Method.Skip => PatientLayerMaps.Skip(Depth, Layers),
        Method.Last => PatientLayerMaps.Last(Depth, Layers),
        _ => null,
    };

    /// <summary>Such as "PKD-Skip, 3 layers".</summary>
    public string Name =>
        $"{(Method == Method.FT ? "labels only" : Map?.Name ?? "KD")}, {(TeacherModel == Profile.Teacher ? $"{Layers} layers" : Student)}";

    private string Student => $"{Layers} layers of {BaseModel}{(BaseModel == TeacherModel ? "" : $" from {TeacherModel}")}";

    private int Depth => PretrainedModels.Depth(TeacherModel);

    private Grid Grid => Profile.Grid;

    private bool ChoosesOnDev => Profile.HoldOut == 0;

    /// <summary>What runs a task: itself, or for RACE the same with Table 3's profile and task; null where that is not run.</summary>
    public (Pipeline Line, GlueTask Task)? On(GlueTask task, int replicate) => task.Choices == 1 ? (this, task)
        : Profile.Race is { } own && replicate <= own.Replicates ? (this with { Profile = own }, own.Tasks[0]) : null;

    /// <summary>The fine-tuned teacher.</summary>
    public RunSpec Teacher(GlueTask task, int replicate) => FineTuned(task, Profile.RowsOf(task), null, replicate);

    /// <summary>The student.</summary>
    public RunSpec Run(GlueTask task, int replicate) => Method switch
    {
        Method.FT => FineTuned(task, Profile.RowsOf(task), Layers, replicate),
        Method.KD => Distilled(task, replicate),
        _ => Patient(task, replicate, Map!),
    };

    // Where held-out rows decide, the choice is trained once more on all rows.
    private RunSpec FineTuned(GlueTask task, TaskSelection rows, int? layers, int seed)
    {
        if (ChoosesOnDev || rows.HoldOut > 0)
            return Choose(
                task,
                layers is null ? "teacher" : $"{layers} layers, labels only",
                [.. Grid.LabelRates.Select(Point)]);
        var search = FineTuned(task, SearchRows(task), layers, 1) as SelectionSpec;
        return Point(Grid.LabelRates[0]) with { RateOf = search };

        FineTuneSpec Point(double rate) => new()
        {
            Selection = rows, BaseModel = layers is null ? TeacherModel : BaseModel, Layers = layers, Seed = seed,
            Recipe = Recipe(layers is null ? Profile.FineTuning : Profile.OfStudents, layers is null) with { LearningRate = rate },
        };
    }

    private TrainingRecipe Recipe(TrainingRecipe own, bool in16Bits) =>
        Profile.FollowsScripts ? Recipes.AsTheScriptsTrain(own, in16Bits) : own;

    private RunSpec Distilled(GlueTask task, int seed) => ChoosesOnDev
        ? SearchSoftTargets(task, Profile.RowsOf(task), seed)
        : Spec(task, Profile.RowsOf(task), null, seed, 0) with
        {
            Tuning = Tuned(SearchSoftTargets(task, SearchRows(task), 1), TunedValues.LearningRate | TunedValues.SoftTargets),
        };

    // In small both maps take the beta that suits the skip map, the paper's choice.
    private RunSpec Patient(GlueTask task, int seed, LayerMap map) => ChoosesOnDev
        ? SearchBeta(task, Profile.RowsOf(task), map, seed)
        : Spec(task, Profile.RowsOf(task), map, seed, Grid.Betas[0]) with
        {
            Tuning = Tuned(
                SearchBeta(task, SearchRows(task), Profile.IsWhole ? map : PatientLayerMaps.Skip(Depth, Layers), 1), TunedValues.All),
        };

    private RunSpec SearchSoftTargets(GlueTask task, TaskSelection rows, int seed) => Choose(
        task,
        $"KD, {Student}: alpha, T and rate",
        [.. from soft in Grid.SoftTargets from rate in Grid.LearningRates select WithValues(Spec(task, rows, null, seed, 0), rate, soft)]);

    private RunSpec SearchBeta(GlueTask task, TaskSelection rows, LayerMap map, int seed)
    {
        var soft = Grid.IsJoint ? null : Tuned(SearchSoftTargets(task, rows, seed), TunedValues.SoftTargets);
        return Choose(
            task,
            $"{map.Name}, {Student}: beta and rate",
            [.. from values in Grid.IsJoint ? Grid.SoftTargets : [Grid.SoftTargets[0]]
                from beta in Grid.Betas
                from normalised in Grid.Normalised
                from rate in Grid.LearningRates
                select WithValues(Spec(task, rows, map, seed, beta, normalised), rate, values) with { Tuning = soft }]);
    }

    private static Tuning? Tuned(RunSpec search, TunedValues values) =>
        search is SelectionSpec selection ? new Tuning(selection, values) : null;

    private static PatientKdSpec WithValues(PatientKdSpec spec, double rate, (double Alpha, double Temperature) soft) => spec with
    {
        Recipe = spec.Recipe with { LearningRate = rate },
        Loss = spec.Loss with { Alpha = soft.Alpha, Soft = spec.Loss.Soft with { Temperature = soft.Temperature } },
    };

    // The teacher has seen the student's rows, and of a search on held-out rows no others.
    private PatientKdSpec Spec(
        GlueTask task, TaskSelection rows, LayerMap? map, int seed, double beta, bool? normalised = null) => new()
    {
        Selection = rows,
        BaseModel = BaseModel,
        StudentLayers = Layers,
        Teacher = FineTuned(task, rows, null, Profile.SharedSeed(seed)),
        Loss = Profile.Loss with
        {
            Beta = beta, Patience = Profile.Loss.Patience with { Normalise = normalised ?? Profile.Loss.Patience.Normalise },
        },
        Map = map,
        Recipe = Recipe(Profile.OfStudents, in16Bits: map is not null),
        Seed = seed,
        KeptTeacherLayers = Kept(),
    };

    private RunSpec Choose(GlueTask task, string name, IReadOnlyList<RunSpec> candidates) =>
        candidates.Count == 1 ? candidates[0] : new SelectionSpec
        {
            Name = name, Candidates = candidates, Split = ChoosesOnDev ? "dev" : "held-out", Metric = GlueScorer.Name(task.MainMetric),
        };

    // The layers that any student of this teacher learns from, so that all share one file of its outputs.
    private IReadOnlyList<int> Kept()
    {
        IReadOnlyList<int> students = TeacherModel == Profile.Teacher ? Profile.StudentLayers : [Layers];
        var maps =
            from layers in students
            from method in (Method[])[Method.Skip, Method.Last]
            select (this with { Layers = layers, Method = method }).Map;
        return [.. maps.SelectMany(map => map.Pairs).Select(pair => pair.Teacher).Distinct().Order()];
    }

    // Small's committed searches held out row by row.
    private TaskSelection SearchRows(GlueTask task) =>
        Profile.RowsOf(task) with { HoldOut = Profile.HoldOut, HoldsOutTexts = Profile.IsWhole };
}
