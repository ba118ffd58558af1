namespace Replication.Runs;

/// <summary>Why a run of a ledger says nothing about the present source.</summary>
/// <param name="Subject">The run, as people name it.</param>
/// <param name="Reason">One sentence.</param>
public sealed record StaleRun(string Subject, string Reason);

/// <summary>Whether a committed ledger is of the present source.</summary>
public static class LedgerCheck
{
    /// <summary>
    /// What is wrong with a ledger: runs that it lacks, runs that the source no longer declares, inputs that have changed, keys that do not
    /// follow from the fields beside them.
    /// </summary>
    /// <param name="specs">The runs that the source declares; what they need is welcome too.</param>
    /// <param name="ledger">The ledger.</param>
    /// <param name="pinned">The digest of an input that the source ships or pins, by name; null for one that it does not.</param>
    /// <param name="optional">The keys of specs that the ledger may lack; null for none.</param>
    public static IReadOnlyList<StaleRun> Stale(
        IEnumerable<RunSpec> specs, Ledger ledger, Func<string, string?> pinned, IReadOnlySet<string>? optional = null)
    {
        var declared = specs.ToArray();
        var welcome = Plan.Build(declared).Runs.ToDictionary(run => run.SpecKey, run => run.Spec, StringComparer.Ordinal);
        var missing = declared
            .DistinctBy(spec => spec.SpecKey(), StringComparer.Ordinal)
            .Where(spec => ledger.Find(spec) is null && optional?.Contains(spec.SpecKey()) != true)
            .Select(spec => new StaleRun(spec.Describe(), "The source declares this run, but the ledger does not have it; compute it."));
        return [.. missing,
            .. ledger.Runs.Select(run => run.Run.Manifest).SelectMany(run => Stale(run, welcome.GetValueOrDefault(run.SpecKey), pinned))];
    }

    private static IEnumerable<StaleRun> Stale(RunManifest run, RunSpec? declared, Func<string, string?> pinned)
    {
        if (declared is null)
        {
            yield return new StaleRun(
                run.Label, $"The source no longer declares the run {run.Key[..RunKey.ShortLength]} as it was computed: a value of its "
                + $"recipe or the name of one has changed ({run.Spec.GetRawText()}).");
            yield break;
        }
        foreach (var input in run.Inputs)
        {
            if (pinned(input.Name) is { } now && now != input.Sha256)
                yield return new StaleRun(
                    run.Label, $"It was computed from {input.Name} with sha256 {input.Sha256}, which is now {now}; compute it again.");
        }
        if (RunKey.Of(declared, run.Inputs, run.Environment, run.Needs) != run.Key)
            yield return new StaleRun(
                run.Label, $"The key {run.Key[..RunKey.ShortLength]} does not follow from the recipe, inputs, environment and needs "
                + $"beside it; one of them was changed by hand.");
    }
}
