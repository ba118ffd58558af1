namespace Replication.Runs;

/// <summary>A run in a plan.</summary>
/// <param name="Spec">The run.</param>
/// <param name="SpecKey">Its spec key.</param>
/// <param name="Needs">Spec keys of the runs that must be finished first.</param>
public sealed record PlannedRun(RunSpec Spec, string SpecKey, IReadOnlyList<string> Needs);

/// <summary>The graph of runs, in an order in which each comes after what it needs; equal runs stand in it once.</summary>
public sealed class Plan
{
    private Plan(IReadOnlyList<PlannedRun> runs) => Runs = runs;

    /// <summary>The runs in order.</summary>
    public IReadOnlyList<PlannedRun> Runs { get; }

    /// <summary>The plan of some runs with all that they need, in the order given where needs leave a choice.</summary>
    public static Plan Build(IEnumerable<RunSpec> specs)
    {
        var runs = new List<PlannedRun>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var spec in specs)
            Add(spec, runs, seen);
        return new Plan(runs);
    }

    // A spec holds what it needs, so it cannot need itself and the descent ends.
    private static string Add(RunSpec spec, List<PlannedRun> runs, HashSet<string> seen)
    {
        var key = spec.SpecKey();
        if (!seen.Add(key))
            return key;
        IReadOnlyList<string> needs = [.. spec.Needs().Select(need => Add(need, runs, seen)).Distinct(StringComparer.Ordinal)];
        runs.Add(new PlannedRun(spec, key, needs));
        return key;
    }
}
