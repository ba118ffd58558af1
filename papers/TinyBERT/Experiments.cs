using Replication.Augmentation;
using Replication.Bert;
using Replication.Corpus;
using Replication.Glue;
using Replication.Measurements;
using Replication.Runs;
using Replication.Studies;
using Replication.TinyBERT.Speed;
using Replication.Training;

namespace Replication.TinyBERT;

/// <summary>The runs of a variant on a task.</summary>
/// <param name="Variant">The variant.</param>
/// <param name="Runs">The run of each seed 1, 2, ...</param>
public sealed record VariantRuns(Variant Variant, IReadOnlyList<RunSpec> Runs);

/// <summary>The runs of a task.</summary>
/// <param name="Task">The task.</param>
/// <param name="Teacher">The fine-tuned teacher.</param>
/// <param name="Main">The pipeline and the students without distillation.</param>
/// <param name="Ablations">The rows of Tables 2 to 4 and what they are compared with; empty for none.</param>
/// <param name="Six">The pipeline with the student of Table 5; null for none.</param>
public sealed record TaskRuns(string Task, RunSpec Teacher, IReadOnlyList<VariantRuns> Main, IReadOnlyList<VariantRuns> Ablations, VariantRuns? Six);

/// <summary>What a profile runs.</summary>
/// <param name="Settings">The settings it came from.</param>
/// <param name="TeacherLayers">Depth of the teacher.</param>
/// <param name="Tasks">The runs by task.</param>
/// <param name="Speed">The timing of Table 1.</param>
public sealed record ExperimentSet(ProfileSettings Settings, int TeacherLayers, IReadOnlyList<TaskRuns> Tasks, SpeedSpec Speed)
{
    /// <summary>Every run that the report needs, the quickest to show something first.</summary>
    public IReadOnlyList<RunSpec> All() =>
        [Speed, .. Tasks.SelectMany(t => (RunSpec[])[t.Teacher, .. t.Main.Concat(t.Ablations).Concat(t.Six is null ? [] : [t.Six]).SelectMany(v => v.Runs)])];
}

/// <summary>The paper's tables as runs, for each profile.</summary>
public static class Experiments
{
    private static readonly Variant[] MainVariants = [Variant.LabelsFromRandom, Variant.LabelsFromGeneral, Variant.Full];

    /// <summary>The rows of Tables 2 to 4, with the pipeline that they are compared with, and the general student of Table 7.</summary>
    internal static IReadOnlyList<Variant> AblationVariants { get; } =
    [
        Variant.Full, Variant.WithoutGD, Variant.WithoutTD, Variant.WithoutDA, Variant.WithoutTrm, Variant.WithoutAttn, Variant.WithoutHidn,
        Variant.WithoutEmbd, Variant.WithoutPred, Variant.Top, Variant.Bottom, Variant.LabelsFromGeneral,
    ];

    /// <summary>The runs that a request asks for.</summary>
    /// <exception cref="ReplicationException">A task, teacher, form or number of seeds that cannot be used.</exception>
    public static ExperimentSet Of(ExperimentRequest request)
    {
        var settings = ProfileSettings.Of(request.Profile, request.Corpus);
        if (request.Teacher is { } teacher)
            settings = settings with { Teacher = teacher };
        if (request.Fidelity == Fidelity.Readme && settings.Main.Task is not null)
            throw new ReplicationException($"--fidelity readme changes epochs and lengths, for which profile {request.Profile.ToString().ToLowerInvariant()} has a budget of its own; use --profile paper.", ReplicationException.UsageError);
        settings = settings with { Switches = Switches.Of(request.Fidelity) };
        if (request.Glove is { } glove)
            settings = settings with { Glove = GloveSource.OfUser(glove) };
        if (request.Tasks.Count > 0)
            settings = settings with { Tasks = request.Tasks };
        settings = settings with { Seeds = request.SeedsOr(settings.Seeds) };
        var tasks = settings.Tasks.Select(name =>
        {
            var planner = new TaskPlanner(GlueTasks.Parse(name), settings, request.Precision);
            return new TaskRuns(
                planner.Task.Name,
                planner.Teacher,
                [.. MainVariants.Select(v => planner.Runs(v, settings.Main))],
                settings.Ablations is { } budget ? [.. AblationVariants.Select(v => planner.Runs(v, budget))] : [],
                settings.Six is { } six ? new TaskPlanner(planner.Task, settings with { Student = six }, request.Precision).Runs(Variant.Full, settings.Main) : null);
        });
        return new ExperimentSet(
            settings, Depth(settings.Teacher), [.. tasks],
            new SpeedSpec { Protocol = new SpeedProtocol { Rounds = settings.SpeedRounds, Precision = request.Precision } });
    }

    /// <summary>
    /// The paper profile's stages with TinyBERT4, the inner ones with TinyBERT6 too, four steps each: batches of 32 of the text that
    /// comes with this repository, and of RTE with the paper's twenty new rows for each of its first four.
    /// </summary>
    public static IReadOnlyList<RunSpec> Exercise(string model)
    {
        var settings = ProfileSettings.Of(Profile.Paper, null) with { Teacher = model, Corpus = CorpusSource.Embedded };
        var rows = new TaskSelection { Task = "RTE", Rows = 160, HoldOut = 0.2 };
        TrainingRecipe Short(TrainingRecipe recipe) => recipe with { MaxSteps = 4, BatchSize = 32 };
        PredictionSpec Pipeline(Student student)
        {
            var full = TaskPlanner.Prediction(new TaskPlanner(GlueTasks.Rte, settings with { Student = student }, Precision.Bf16).Runs(Variant.Full, settings.Main).Runs[0]);
            var inner = (IntermediateSpec)full.Start!;
            var teacher = inner.Teacher with { Selection = rows, Recipe = Short(inner.Teacher.Recipe) };
            var augmentation = inner.Augmentation! with { Selection = new TaskSelection { Task = "RTE", Rows = 4 } };
            var general = inner.General! with { Recipe = Short(inner.General!.Recipe) };
            inner = inner with { Selection = rows, Teacher = teacher, General = general, Augmentation = augmentation, Recipe = Short(inner.Recipe) };
            return full with { Selection = rows, Teacher = teacher, Start = inner, Augmentation = augmentation, Recipe = Short(full.Recipe) };
        }
        var four = Pipeline(settings.Student);
        var (fourInner, sixInner) = ((IntermediateSpec)four.Start!, (IntermediateSpec)Pipeline(settings.Six!).Start!);
        return [four.Teacher, four.Augmentation!, fourInner.General!, fourInner, four, sixInner.General!, sixInner];
    }

    private static int Depth(string model) => model switch
    {
        "minilm-l6" => 6,
        "bert-base-uncased" => 12,
        "bert-large-uncased" => 24,
        _ when Directory.Exists(model) => ModelFolder.ReadConfig(model).NumHiddenLayers,
        _ => throw new ReplicationException(
            $"'{model}' is neither a known teacher nor a folder.{Suggestion.For(model, ["minilm-l6", "bert-base-uncased", "bert-large-uncased"])}", ReplicationException.UsageError),
    };
}
