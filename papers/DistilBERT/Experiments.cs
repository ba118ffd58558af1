using Replication.Bert;
using Replication.Corpus;
using Replication.Glue;
using Replication.Papers;
using Replication.Runs;

namespace Replication.DistilBERT;

/// <summary>The paper's tables as runs, for each profile.</summary>
public static class Experiments
{
    /// <summary>The runs that a request asks for.</summary>
    /// <exception cref="ReplicationException">A task or number of seeds that cannot be used, or a profile that the paper has not.</exception>
    public static ExperimentSet Of(ExperimentRequest request)
    {
        var settings = ProfileSettings.Of(request.Profile);
        if (request.Teacher is { } teacher)
            settings = settings with { Teacher = teacher };
        if (request.Corpus is { } corpus)
            settings = settings with { Corpus = CorpusSource.OfUser(corpus) };
        if (request.Tasks.Count > 0)
            settings = WithTasks(settings, [.. request.Tasks.Select(name => GlueTasks.Parse(name).Name)]);
        if (request.Seeds is { } seeds)
            settings = settings with { Seeds = seeds };
        if (settings.Seeds is < 1 or > 100)
            throw new ReplicationException($"The number of seeds is {settings.Seeds}; it must lie between 1 and 100.", ReplicationException.UsageError);
        return new ExperimentSet(request.Precision is { } precision ? WithPrecision(settings, precision) : settings);
    }

    /// <summary>
    /// The paper's pretraining at full geometry, four steps of two times 4 sequences of at most 512 tokens, and the fine-tuning of
    /// the student that it leaves, four steps too.
    /// </summary>
    public static IReadOnlyList<RunSpec> Exercise(string model)
    {
        var pretraining = new PretrainSpec
        {
            Corpus = CorpusSource.Embedded,
            Teacher = model,
            Recipe = PretrainingRecipe.Paper with
            {
                Training = PretrainingRecipe.Paper.Training with { BatchSize = 8 }, MicroBatch = 4, Steps = 4,
            },
        };
        return
        [
            pretraining,
            new StudentFineTuneSpec
            {
                Selection = new() { Task = "RTE", Rows = 160, HoldOut = 0.2 },
                Student = pretraining,
                BaseModel = model,
                Recipe = ProfileSettings.Of(Profile.Paper).FineTuning with { MaxSteps = 4, TrainSampleRows = 0, EvaluationsPerEpoch = 1 },
                Seed = 1,
            },
        ];
    }

    private static ProfileSettings WithTasks(ProfileSettings settings, IReadOnlyList<string> tasks) =>
        settings with { Tasks = tasks, AblationTasks = [.. tasks.Intersect(settings.AblationTasks, StringComparer.Ordinal)] };

    private static ProfileSettings WithPrecision(ProfileSettings settings, Precision precision) => settings with
    {
        FineTuning = settings.FineTuning with { Precision = precision },
        Pretraining = settings.Pretraining with { Training = settings.Pretraining.Training with { Precision = precision } },
    };
}
