namespace Replication.Runs;

/// <summary>A run that did not end well.</summary>
/// <param name="Run">The run.</param>
/// <param name="Cause">What was thrown; null if it was not begun because a run that it needs has failed.</param>
/// <param name="Reason">One sentence.</param>
public sealed record FailedRun(PlannedRun Run, Exception? Cause, string Reason);

/// <summary>What became of a plan.</summary>
/// <param name="Finished">Runs that are done, those that were done before included.</param>
/// <param name="Failed">Runs that failed or needed one that did.</param>
public sealed record PlanOutcome(IReadOnlyList<FinishedRun> Finished, IReadOnlyList<FailedRun> Failed)
{
    /// <summary>Whether every run is done.</summary>
    public bool IsComplete => Failed.Count == 0;
}
