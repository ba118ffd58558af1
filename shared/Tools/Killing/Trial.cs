namespace Replication.Tools.Killing;

/// <summary>
/// One way of disturbing a plan's process; what it leaves must let the next call end with the bytes of an undisturbed one.
/// </summary>
/// <param name="name">For the table.</param>
internal abstract class Trial(string name)
{
    /// <summary>For the table.</summary>
    public string Name { get; } = name;

    /// <summary>Why it cannot be tried on this machine; null where it can.</summary>
    public virtual string? Obstacle => null;

    /// <summary>Whether work is left after it, so that another may follow before the plan is let end.</summary>
    public virtual bool LeavesWork => false;

    /// <summary>Prepares the results folder; what it returns takes that back after the results were compared.</summary>
    public virtual IDisposable? Begin(PlanProcess plan) => null;

    /// <summary>Disturbs once.</summary>
    /// <returns>How often a process was in fact disturbed; 0 where it ended before.</returns>
    /// <exception cref="TrialFault">A process did not end as it should.</exception>
    public abstract int Disturb(PlanProcess plan, RandomStream random);
}

/// <summary>What is wrong after a disturbance.</summary>
internal sealed class TrialFault(string what) : Exception(what);
