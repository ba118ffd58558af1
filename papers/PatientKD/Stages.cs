using System.Text.Json.Serialization;
using Replication.Bert;
using Replication.Distillation;
using Replication.Glue;
using Replication.Runs;
using Replication.Training;
using TorchSharp;

namespace Replication.PatientKD;

/// <summary>
/// Trains a student of the first k layers of a pretrained model from a fine-tuned teacher: plain distillation, or Patient-KD where there is
/// a map. The student starts from the pretrained model's embeddings, first layers and pooler.
/// </summary>
public sealed record PatientKdSpec : ModelTrainingSpec
{
    /// <inheritdoc/>
    public override string Kind => "patient-kd";

    /// <summary>Layers of the student.</summary>
    public required int StudentLayers { get; init; }

    /// <summary>The teacher: a <see cref="FineTuneSpec"/>, or a <see cref="SelectionSpec"/> among several.</summary>
    public required RunSpec Teacher { get; init; }

    /// <summary>Loss with alpha, T and beta.</summary>
    public required PatientKdLoss Loss { get; init; }

    /// <summary>Layers of the patience term; null for plain distillation.</summary>
    public LayerMap? Map { get; init; }

    /// <summary>Hyper-parameters that a search decides, instead of those above; null for none.</summary>
    public Tuning? Tuning { get; init; }

    /// <summary>
    /// Teacher layers whose [CLS] states are kept on disk: a union over all students of a teacher lets them share one file.
    /// It decides no outcome and so is not part of the key. Empty for those of <see cref="Map"/>.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<int> KeptTeacherLayers { get; init; } = [];

    /// <inheritdoc/>
    public override RunIdentity Identity() => new(
        $"{Map?.Name ?? "KD"}, {StudentLayers} layers{Values()}{Recipe.DescribeRate()}{(Selection.HoldOut > 0 ? ", held-out" : "")}",
        Selection.Task,
        Seed);

    /// <inheritdoc/>
    public override IReadOnlyList<RunSpec> Needs() => Tuning is null ? [.. TeacherRuns()] : [.. TeacherRuns(), Tuning.Selection];

    /// <summary>The student's training; the teacher's outputs are computed once for all its students and left out.</summary>
    public override RunWork EstimateWork(Workspace workspace)
    {
        var config = workspace.Models.Config(BaseModel) with { NumHiddenLayers = StudentLayers };
        return TaskTraining.Work(Load(workspace), config, Recipe);
    }

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var (loss, recipe) = Tuning is null ? (Loss, Recipe) : Tuning.Apply(context.Need(Tuning.Selection).Result, Loss, Recipe);
        var workspace = context.Workspace;
        var data = TaskData.Load(workspace, Selection, BaseModel, recipe.MaxLength);
        var teacher = TeacherFolder(context, data.Task);
        using var student = data.Task.NewClassifier(workspace.Models.Folder(BaseModel), Seed, StudentLayers);
        student.to(workspace.Device);
        var layers = KeptTeacherLayers.Count > 0 ? KeptTeacherLayers : [.. (Map?.Pairs ?? []).Select(pair => pair.Teacher)];
        using var outputs = TeacherOutputs.OfTraining(context, teacher, data, layers, cancellation);
        var objective = new PatientKdObjective(student, outputs, layers, loss, Map);
        var result = TaskTraining.Train(context, student, data, recipe, Seed, BaseModel, objective, cancellation);
        var facts = result.Facts.Concat(Tuning.Facts(loss, recipe)).ToDictionary();
        return (result with { Facts = new SortedDictionary<string, double>(facts, StringComparer.Ordinal) }).WithMeasuredRows(data);
    }

    // The finished teacher's folder, once it is known to be one of enough layers.
    private string TeacherFolder(RunContext context, GlueTask task)
    {
        var folder = TeacherGuard.Folder(context, Teacher, task, BaseModel);
        (Map ?? new LayerMap("none", [])).Validate(StudentLayers, ModelFolder.ReadConfig(folder).NumHiddenLayers);
        return folder;
    }

    private IEnumerable<RunSpec> TeacherRuns() => Teacher is SelectionSpec among ? [among, .. among.Candidates] : [Teacher];

    // alpha, T and beta; a value that is still to be taken from a search has no place in a name.
    private string Values()
    {
        bool IsTuned(TunedValues value) => Tuning?.Values.HasFlag(value) ?? false;
        var soft = IsTuned(TunedValues.SoftTargets) ? ", tuned"
            : FormattableString.Invariant($", alpha {Loss.Alpha}, T {Loss.Soft.Temperature}");
        return Map is null || IsTuned(TunedValues.Beta) ? soft : FormattableString.Invariant($"{soft}, beta {Loss.Beta}");
    }
}

/// <summary>Hyper-parameters that a run may take from another's grid search.</summary>
[Flags]
public enum TunedValues
{
    /// <summary>The learning rate.</summary>
    LearningRate = 1,

    /// <summary>alpha and T.</summary>
    SoftTargets = 2,

    /// <summary>beta.</summary>
    Beta = 4,

    /// <summary>All of them.</summary>
    All = LearningRate | SoftTargets | Beta,
}

/// <summary>
/// Takes hyper-parameters from the run that a selection chose, once that is known. The paper searches in two steps: alpha and
/// T for plain distillation, then with these the learning rate and beta for Patient-KD.
/// </summary>
/// <param name="selection">The search.</param>
/// <param name="values">What is taken.</param>
public sealed class Tuning(SelectionSpec selection, TunedValues values)
{
    /// <summary>Names of the hyper-parameters among the facts of a run.</summary>
    internal const string LearningRate = FineTuneSpec.LearningRate, Alpha = "alpha", Temperature = "temperature", Beta = "beta";

    /// <summary>The search; its key stands for it in JSON, so that a grid is not written into every run that uses it.</summary>
    [JsonIgnore]
    public SelectionSpec Selection => selection;

    /// <summary>Digest of the whole search: candidates, split, metric.</summary>
    public string SelectionKey { get; } = selection.SpecKey();

    /// <summary>What is taken.</summary>
    public TunedValues Values => values;

    /// <summary>The hyper-parameters of a run as facts of its result, by which <see cref="Apply"/> finds them again.</summary>
    public static IReadOnlyDictionary<string, double> Facts(PatientKdLoss loss, TrainingRecipe recipe) => new Dictionary<string, double>
    {
        [LearningRate] = recipe.LearningRate, [Alpha] = loss.Alpha, [Temperature] = loss.Soft.Temperature, [Beta] = loss.Beta,
    };

    /// <summary>Replaces a spec's own values by the chosen ones.</summary>
    /// <param name="chosen">The selection's result.</param>
    /// <param name="loss">The spec's loss.</param>
    /// <param name="recipe">The spec's recipe.</param>
    public (PatientKdLoss Loss, TrainingRecipe Recipe) Apply(RunResult chosen, PatientKdLoss loss, TrainingRecipe recipe)
    {
        if (values.HasFlag(TunedValues.LearningRate))
            recipe = recipe with { LearningRate = chosen.Fact(LearningRate) };
        if (values.HasFlag(TunedValues.SoftTargets))
            loss = loss with { Alpha = chosen.Fact(Alpha), Soft = loss.Soft with { Temperature = chosen.Fact(Temperature) } };
        if (values.HasFlag(TunedValues.Beta))
            loss = loss with { Beta = chosen.Fact(Beta) };
        return (loss, recipe);
    }
}
