using System.Numerics;

namespace Replication.Claims;

/// <summary>
/// Fisher's sign-flip (paired permutation) test. Where neither side is better, each difference is as likely to have the opposite sign;
/// p is the share of the 2^n sign patterns whose sum is at least as far from zero as the one seen, on either side.
/// </summary>
public static class SignFlipTest
{
    /// <summary>Up to this many pairs every pattern is counted; beyond, <see cref="Samples"/> random ones.</summary>
    public const int ExactPairs = 20;

    /// <summary>Random patterns drawn beyond <see cref="ExactPairs"/>.</summary>
    public const int Samples = 100_000;

    /// <summary>The smallest two-sided p that n pairs can reach: 2 / 2^n.</summary>
    public static double SmallestP(int pairs) => pairs == 0 ? 1 : Math.Pow(2, 1 - pairs);

    /// <summary>The two-sided p of paired differences; 1 for none. The same input gives the same p.</summary>
    public static double TwoSidedP(IReadOnlyList<double> differences)
    {
        if (differences.Count == 0)
            return 1;
        var sum = differences.Sum();
        // Sums of the same numbers in another order differ in their last bits; ties must count as ties.
        var seen = Math.Abs(sum) - 1e-9 * differences.Sum(Math.Abs);
        return differences.Count <= ExactPairs ? Exact(differences, seen) : Sampled(differences, seen);
    }

    // A Gray code changes one sign a step, so each pattern costs one addition. Half of the patterns suffice: the others mirror them.
    private static double Exact(IReadOnlyList<double> differences, double seen)
    {
        var signs = differences.ToArray();
        var sum = signs.Sum();
        var patterns = 1u << (signs.Length - 1);
        var extreme = 0u;
        for (var i = 1u; ; i++)
        {
            if (Math.Abs(sum) >= seen)
                extreme++;
            if (i == patterns)
                return (double)extreme / patterns;
            var flip = BitOperations.TrailingZeroCount(i);
            sum -= 2 * signs[flip];
            signs[flip] = -signs[flip];
        }
    }

    // The pattern that was seen counts as one of the sample, so that p is never 0.
    private static double Sampled(IReadOnlyList<double> differences, double seen)
    {
        var random = new RandomStream(seed: 0, "sign-flip test", differences.Count);
        var extreme = 1;
        for (var i = 0; i < Samples; i++)
        {
            var sum = 0.0;
            foreach (var difference in differences)
                sum += (random.NextUInt64() >> 63) == 0 ? difference : -difference;
            if (Math.Abs(sum) >= seen)
                extreme++;
        }
        return (double)extreme / (Samples + 1);
    }
}
