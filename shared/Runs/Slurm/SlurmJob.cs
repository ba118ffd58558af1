namespace Replication.Runs.Slurm;

/// <summary>A task of an array job that another job waits for.</summary>
/// <param name="Job">The job's place in the plan.</param>
/// <param name="Task">The task's number.</param>
public readonly record struct SlurmNeed(int Job, int Task);

/// <summary>An array job: runs that need the same runs, bundled into tasks that may run at once.</summary>
/// <param name="Name">The job's name.</param>
/// <param name="Tasks">The runs of each task, one after the other.</param>
/// <param name="Needs">What must have ended well before.</param>
public sealed record SlurmJob(string Name, IReadOnlyList<IReadOnlyList<PlannedRun>> Tasks, IReadOnlyList<SlurmNeed> Needs);

/// <summary>Turns a plan into array jobs.</summary>
public static class SlurmJobs
{
    /// <summary>Clusters refuse longer arrays by default (MaxArraySize 1001).</summary>
    public const int LongestArray = 1000;

    /// <summary>Seconds below which a run is short: not worth a job of its own.</summary>
    public const double ShortSeconds = 1800;

    /// <summary>The jobs, each after those that it needs.</summary>
    /// <param name="name">How the jobs' names begin.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="isFinished">Whether a run needs no job.</param>
    /// <param name="runsPerJob">Short runs of a task at the most; every other run is a task of its own.</param>
    /// <param name="seconds">How long a run takes by the estimate; null where there is none.</param>
    public static IReadOnlyList<SlurmJob> Of(
        string name, Plan plan, Func<PlannedRun, bool> isFinished, int runsPerJob, Func<PlannedRun, double?> seconds)
    {
        var pending = plan.Runs.Where(run => !isFinished(run)).ToList();
        var waiting = pending.Select(run => run.SpecKey).ToHashSet(StringComparer.Ordinal);
        var places = new Dictionary<string, SlurmNeed>(StringComparer.Ordinal);
        var jobs = new List<SlurmJob>();
        var groups = pending
            .GroupBy(run => string.Join(' ', run.Needs.Where(waiting.Contains).Order(StringComparer.Ordinal)))
            .SelectMany(group => Tasks(group).Chunk(LongestArray))
            .ToList();
        // Runs of one group need the same runs, so groups cannot wait for each other in a circle.
        while (groups.Count > 0)
        {
            var next = groups.First(group => group[0][0].Needs.Where(waiting.Contains).All(places.ContainsKey));
            groups.Remove(next);
            var needs = next[0][0].Needs.Where(waiting.Contains).Select(need => places[need]).Distinct().Order(ByPlace).ToArray();
            foreach (var (task, bundle) in next.Index())
            {
                foreach (var run in bundle)
                    places[run.SpecKey] = new SlurmNeed(jobs.Count, task);
            }
            jobs.Add(new SlurmJob(FormattableString.Invariant($"{name}-{jobs.Count + 1}"), next, needs));
        }
        return jobs;

        IEnumerable<PlannedRun[]> Tasks(IEnumerable<PlannedRun> group)
        {
            var isShort = group.ToLookup(run => seconds(run) < ShortSeconds);
            return isShort[true].Chunk(runsPerJob).Concat(isShort[false].Chunk(1));
        }
    }

    private static Comparer<SlurmNeed> ByPlace { get; } = Comparer<SlurmNeed>.Create((a, b) => (a.Job, a.Task).CompareTo((b.Job, b.Task)));
}
