using MathNet.Numerics.Statistics;
using Replication.Claims;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;

namespace Replication.DynaBERT.Report;

/// <summary>A score of one run.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Value">In points: a share times 100.</param>
/// <param name="Run">What the run left.</param>
internal sealed record SeedScore(int Seed, double Value, FinishedRun Run);

/// <summary>Finished runs, looked up by what the tables are made of.</summary>
/// <param name="request">What the user asked for.</param>
/// <param name="find">Gives a finished run or null.</param>
/// <param name="others">Students of other papers; null for none.</param>
internal sealed class Results(ExperimentRequest request, Func<RunSpec, FinishedRun?> find, IReadOnlyList<TrainedStudent>? others = null)
{
    /// <summary>What the user asked for.</summary>
    public ExperimentRequest Request => request;

    /// <summary>The runs.</summary>
    public ExperimentSet Set { get; } = Experiments.Of(request);

    /// <summary>The profile's name.</summary>
    public string Profile => request.ProfileName();

    /// <summary>Whether teacher, data and geometry are the paper's.</summary>
    public bool IsPapersOwn => request is { Profile: Studies.Profile.Paper, Teacher: null };

    /// <summary>A run as it is in the store.</summary>
    public FinishedRun? Find(RunSpec? spec) => spec is null ? null : find(spec);

    /// <summary>Other papers' students of the same teacher on a task.</summary>
    public IReadOnlyList<TrainedStudent> Others(TaskRuns task) => [.. (others ?? []).Where(other => other.Task == task.Task && other.Teacher == Set.Settings.Teacher)];

    /// <summary>The teacher's score; null where it is not finished.</summary>
    public SeedScore? Teacher(TaskRuns task, ScoreColumn column) => Of(task.Teacher, task.Teacher.Seed, column.Split, column);

    /// <summary>A sub-network's score of each seed that is finished.</summary>
    /// <param name="runs">A run a seed.</param>
    /// <param name="column">What is measured.</param>
    /// <param name="width">m_w.</param>
    /// <param name="depth">m_d.</param>
    public IReadOnlyList<SeedScore> Scores(IEnumerable<DynaBertSpec> runs, ScoreColumn column, double width, double depth) =>
        [.. runs.Select(run => Of(run, run.Seed, DynaBertSpec.ScoreName(column.Split, width, depth), column)).OfType<SeedScore>()];

    /// <summary>Mean and spread of scores.</summary>
    public static Measurement Measure(IReadOnlyList<SeedScore> scores, string signature) => new(
        scores.Average(s => s.Value),
        scores.Count > 1 ? scores.Select(s => s.Value).StandardDeviation() : null,
        [.. scores.Select(s => s.Seed)],
        signature);

    /// <summary>The runs of a task; null where the profile has it not.</summary>
    public TaskRuns? Task(GlueTask task) => Set.Tasks.FirstOrDefault(t => t.Task == task.Name);

    private SeedScore? Of(RunSpec spec, int seed, string name, ScoreColumn column) =>
        find(spec) is { } run && run.Result.Scores.TryGetValue(name, out var metrics)
        && metrics.TryGetValue(GlueScorer.Name(column.Metric), out var score) && score is { } share
            ? new SeedScore(seed, 100 * share, run)
            : null;
}
