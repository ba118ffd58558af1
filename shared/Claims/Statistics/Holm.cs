namespace Replication.Claims;

/// <summary>
/// Holm's step-down adjustment over a family of tests: with m tests the k-th smallest p counts m - k + 1 times, and never less than
/// a smaller one's. The chance of any false rejection in the family stays at the level, whatever the tests' dependence.
/// </summary>
public static class Holm
{
    /// <summary>The adjusted p of each test, in the order given.</summary>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> p)
    {
        var adjusted = new double[p.Count];
        var largest = 0.0;
        foreach (var (rank, index) in Enumerable.Range(0, p.Count).OrderBy(i => p[i]).Index())
        {
            largest = Math.Max(largest, Math.Min(1, (p.Count - rank) * p[index]));
            adjusted[index] = largest;
        }
        return adjusted;
    }
}
