namespace Replication.Runs;

/// <summary>A run in a plan.</summary>
/// <param name="Spec">The run.</param>
/// <param name="SpecKey">Its spec key.</param>
/// <param name="Needs">Spec keys of the runs that must be finished first.</param>
/// <param name="Identity">What it is: as the paper that declares it says, its own where it is only needed.</param>
public sealed record PlannedRun(RunSpec Spec, string SpecKey, IReadOnlyList<string> Needs, RunIdentity Identity)
{
    /// <summary>
    /// What people call it: its identity, and where other runs of the plan have the same one, what sets it apart, such as
    /// "STS-B prediction, seed 1, batch size 16, learning rate 2E-05". It decides nothing.
    /// </summary>
    public string Label { get; init; } = Identity.Describe();
}

/// <summary>The graph of runs, in an order in which each comes after what it needs; equal runs are in it once.</summary>
public sealed class Plan
{
    private Plan(IReadOnlyList<PlannedRun> runs) => Runs = runs;

    /// <summary>The runs in order.</summary>
    public IReadOnlyList<PlannedRun> Runs { get; }

    /// <summary>Runs of the plan as they are in the ledger of the paper that declares them.</summary>
    public IEnumerable<LedgerRun> Entries(IEnumerable<FinishedRun> finished)
    {
        var identities = Runs.ToDictionary(run => run.SpecKey, run => run.Identity, StringComparer.Ordinal);
        return finished.Select(run => new LedgerRun(identities[run.Manifest.SpecKey], run));
    }

    /// <summary>The plan of some runs with all that they need, in the order given where needs leave a choice.</summary>
    public static Plan Build(IEnumerable<RunSpec> specs) => Build(specs.Select(spec => new DeclaredRun(spec.Identity(), spec)));

    /// <summary>The plan of what a paper declares; of a run that it declares twice the first identity counts.</summary>
    /// <param name="declared">The runs.</param>
    /// <param name="cancellation">Stops between two of them.</param>
    public static Plan Build(IEnumerable<DeclaredRun> declared, CancellationToken cancellation = default)
    {
        var all = declared.ToArray();
        var names = new Dictionary<string, RunIdentity>(StringComparer.Ordinal);
        foreach (var run in all)
        {
            cancellation.ThrowIfCancellationRequested();
            names.TryAdd(run.Spec.SpecKey(), run.Identity);
        }
        var runs = new List<PlannedRun>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var run in all)
        {
            cancellation.ThrowIfCancellationRequested();
            Add(run.Spec, names, runs, seen);
        }
        return new Plan(RunLabels.Set(runs));
    }

    // A spec holds what it needs, so it cannot need itself and the descent ends.
    private static string Add(RunSpec spec, Dictionary<string, RunIdentity> names, List<PlannedRun> runs, HashSet<string> seen)
    {
        var key = spec.SpecKey();
        if (!seen.Add(key))
            return key;
        IReadOnlyList<string> needs = [.. spec.Needs().Select(need => Add(need, names, runs, seen)).Distinct(StringComparer.Ordinal)];
        runs.Add(new PlannedRun(spec, key, needs, names.GetValueOrDefault(key) ?? spec.Identity()));
        return key;
    }
}
