namespace Replication.Runs;

/// <summary>What a run of a plan costs.</summary>
/// <param name="Run">The run.</param>
/// <param name="Work">What it has to compute.</param>
/// <param name="Seconds">How long that takes on this machine, by calibration.</param>
/// <param name="Finished">The run if it is done already, else null.</param>
public sealed record RunEstimate(PlannedRun Run, RunWork Work, double Seconds, FinishedRun? Finished);

/// <summary>What a plan costs on this machine.</summary>
/// <param name="Runs">By run, in the plan's order.</param>
public sealed record PlanEstimate(IReadOnlyList<RunEstimate> Runs)
{
    /// <summary>Time for all that is not finished.</summary>
    public TimeSpan Remaining => TimeSpan.FromSeconds(Runs.Where(r => r.Finished is null).Sum(r => r.Seconds));

    /// <summary>Time for all of it, had nothing been done yet.</summary>
    public TimeSpan Total => TimeSpan.FromSeconds(Runs.Sum(r => r.Seconds));
}
