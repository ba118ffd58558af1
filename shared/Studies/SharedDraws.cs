using Replication.Runs;

namespace Replication.Studies;

/// <summary>
/// Whether replicates have drawn everything anew, from the graph of runs: a run with a seed that two replicates use, such as one
/// teacher, is a draw that they share. The values that a search chose are frozen, as the paper's are, and no draw.
/// </summary>
internal static class SharedDraws
{
    /// <summary>What they share, for people; null for nothing.</summary>
    /// <param name="runs">Replicates with the runs that give their scores.</param>
    public static string? Of(IEnumerable<(int Replicate, IReadOnlyList<RunSpec> Runs)> runs)
    {
        var byKey = new Dictionary<string, (RunSpec Run, int Replicate)>(StringComparer.Ordinal);
        var shared = new Dictionary<string, RunSpec>(StringComparer.Ordinal);
        foreach (var (replicate, specs) in runs)
        {
            foreach (var run in specs.SelectMany(Drawn))
            {
                var key = run.SpecKey();
                if (byKey.TryGetValue(key, out var known) && known.Replicate != replicate)
                    shared.TryAdd(key, run);
                byKey.TryAdd(key, (run, replicate));
            }
        }
        return shared.Count switch
        {
            0 => null,
            1 => shared.Values.First().Describe(),
            var n => $"{shared.Values.First().Describe()}, and {n - 1} other {(n == 2 ? "run" : "runs")}",
        };
    }

    private static IEnumerable<RunSpec> Drawn(RunSpec run) => run is SelectionSpec ? [] :
    [
        .. run.Needs().SelectMany(Drawn),
        .. run.Identity().Replicate is null ? Array.Empty<RunSpec>() : [run],
    ];
}
