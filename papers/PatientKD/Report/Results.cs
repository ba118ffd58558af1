using MathNet.Numerics.Statistics;
using Replication.Claims;
using Replication.Distillation;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;

namespace Replication.PatientKD.Report;

/// <summary>A score of one run.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Value">In points: a share times 100.</param>
/// <param name="Spec">The training.</param>
/// <param name="Run">What it left.</param>
/// <param name="Choice">The search that chose the training by its score; null where it was trained as it stands.</param>
internal sealed record SeedScore(int Seed, double Value, RunSpec Spec, FinishedRun Run, SelectionSpec? Choice = null);

/// <summary>Finished runs, looked up by what the tables are made of.</summary>
/// <param name="request">What the user asked for.</param>
/// <param name="find">Gives a finished run or null.</param>
internal sealed class Results(ExperimentRequest request, Func<RunSpec, FinishedRun?> find)
{
    /// <summary>What the user asked for.</summary>
    public ExperimentRequest Request => request;

    /// <summary>The runs.</summary>
    public ExperimentSet Set { get; } = Experiments.Of(request);

    /// <summary>The profile's word.</summary>
    public string Profile => request.ProfileName();

    /// <summary>Whether teacher, data and geometry are the paper's.</summary>
    public bool IsPapersOwn => request is { Profile: Studies.Profile.Paper, Teacher: null };

    /// <summary>A run as it is in the store.</summary>
    public FinishedRun? Find(RunSpec spec) => find(spec);

    /// <summary>A training that is finished: the run itself, or the one that a selection chose.</summary>
    public (RunSpec Spec, FinishedRun Run)? Training(RunSpec spec)
    {
        if (find(spec) is not { } run)
            return null;
        if (spec is not SelectionSpec among)
            return (spec, run);
        var chosen = among.ChosenBy(run.Result);
        // A selection's result is that of its choice, so it serves where the choice itself is not kept.
        return (chosen, find(chosen) ?? run);
    }

    /// <summary>The score of each seed that is finished; undefined ones are left out.</summary>
    /// <param name="runs">A run a seed</param>
    /// <param name="column">What is measured.</param>
    public IReadOnlyList<SeedScore> Scores(IReadOnlyList<RunSpec> runs, ScoreColumn column)
    {
        var scores = new List<SeedScore>();
        foreach (var spec in runs)
        {
            if (Training(spec) is var (training, run)
                && run.Result.Scores.TryGetValue(column.Split, out var metrics)
                && metrics.TryGetValue(GlueScorer.Name(column.Metric), out var score) && score is { } share)
            {
                scores.Add(new SeedScore(spec.Identity().Replicate!.Value, 100 * share, training, run, spec as SelectionSpec));
            }
        }
        return scores;
    }

    /// <summary>Mean and spread of scores; null where there are none.</summary>
    public Measurement? Measure(IReadOnlyList<SeedScore> scores, string signature) => scores.Count == 0 ? null : new Measurement(
        scores.Average(s => s.Value),
        scores.Count > 1 ? scores.Select(s => s.Value).StandardDeviation() : null,
        [.. scores.Select(s => s.Seed)],
        signature);

    /// <summary>The runs of a task, by the ledger's name of it; null where the profile has it not.</summary>
    public TaskRuns? Task(GlueTask task) => Set.Tasks.FirstOrDefault(t => t.Task == task.Name);
}
