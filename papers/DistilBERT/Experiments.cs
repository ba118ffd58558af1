using Replication.Bert;
using Replication.Corpus;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.DistilBERT;

/// <summary>The paper's tables as runs, for each profile.</summary>
public static class Experiments
{
    /// <summary>The runs that a request asks for.</summary>
    /// <exception cref="ReplicationException">A task or number of seeds that cannot be used, or a profile that the paper has not.</exception>
    public static ExperimentSet Of(ExperimentRequest request)
    {
        var settings = ProfileSettings.Of(request.Profile);
        settings = settings with { Pretraining = settings.Pretraining.With(request.Fidelity, isWhole: request.Profile == Profile.Paper) };
        if (request.Teacher is { } teacher)
            settings = settings with { Teacher = teacher };
        if (request.Corpus is { } corpus)
            settings = settings with { Corpus = CorpusSource.OfUser(corpus) };
        if (request.Tasks.Count > 0)
            settings = WithTasks(settings, [.. request.Tasks.Select(name => GlueTasks.Parse(name).Name)]);
        settings = settings with { Seeds = request.SeedsOr(settings.Seeds) };
        return new ExperimentSet(WithPrecision(settings, request.Precision));
    }

    /// <summary>
    /// The paper profile's kinds of run, four steps each: the pretraining in batches of two times 4 sequences of at most 512
    /// tokens of the text in data/, a teacher, the student that the pretraining leaves, and its second distillation. Tasks
    /// have the longest rows that are at hand (RTE's).
    /// </summary>
    /// <param name="model">A model's name.</param>
    public static IReadOnlyList<RunSpec> Exercise(string model)
    {
        var paper = ProfileSettings.Of(Profile.Paper);
        var rows = new TaskSelection { Task = "RTE", Rows = 160, HoldOut = 0.2 };
        var recipe = paper.FineTuning with { MaxSteps = 4, TrainSampleRows = 0, EvaluationsPerEpoch = 1 };
        var pretraining = new PretrainSpec
        {
            Corpus = CorpusSource.Embedded,
            Teacher = model,
            Recipe = paper.Pretraining with { Training = paper.Pretraining.Training with { BatchSize = 8 }, MicroBatch = 4, Steps = 4 },
        };
        var teacher = new FineTuneSpec { Selection = rows, BaseModel = model, Recipe = recipe, Seed = 1 };
        var student = new StudentFineTuneSpec { Selection = rows, Student = pretraining, BaseModel = model, Recipe = recipe, Seed = 1 };
        return [pretraining, teacher, student, student with { TaskTeacher = teacher }];
    }

    private static ProfileSettings WithTasks(ProfileSettings settings, IReadOnlyList<string> tasks) =>
        settings with { Tasks = tasks, AblationTasks = [.. tasks.Intersect(settings.AblationTasks, StringComparer.Ordinal)] };

    private static ProfileSettings WithPrecision(ProfileSettings settings, Precision precision) => settings with
    {
        FineTuning = settings.FineTuning with { Precision = precision },
        Pretraining = settings.Pretraining with { Training = settings.Pretraining.Training with { Precision = precision } },
    };
}
