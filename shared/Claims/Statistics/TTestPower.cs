using MathNet.Numerics.Distributions;
using MathNet.Numerics.Integration;

namespace Replication.Claims;

/// <summary>Power of the two-sided one-sample t-test, from the noncentral t distribution.</summary>
public static class TTestPower
{
    /// <summary>No plan asks for more replicates than this.</summary>
    public const int MostReplicates = 10_000;

    /// <summary>The chance that n replicates tell a mean from zero.</summary>
    /// <param name="effect">The mean over the standard deviation of a replicate.</param>
    /// <param name="replicates">n, at least 2.</param>
    /// <param name="alpha">The test's level, two-sided.</param>
    public static double Of(double effect, int replicates, double alpha = 0.05)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicates, 2);
        var freedom = replicates - 1;
        var critical = StudentT.InvCDF(0, 1, freedom, 1 - alpha / 2);
        var shift = effect * Math.Sqrt(replicates);
        return 1 - NoncentralCdf(critical, freedom, shift) + NoncentralCdf(-critical, freedom, shift);
    }

    /// <summary>The fewest replicates that reach a power; null where <see cref="MostReplicates"/> do not.</summary>
    /// <param name="effect">The mean over the standard deviation of a replicate.</param>
    /// <param name="power">Such as 0.8.</param>
    /// <param name="alpha">The test's level, two-sided.</param>
    public static int? ReplicatesFor(double effect, double power = 0.8, double alpha = 0.05)
    {
        if (Of(effect, MostReplicates, alpha) < power)
            return null;
        // Power grows with n, so the place where it is reached is found by halving.
        var (low, high) = (1, MostReplicates);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (Of(effect, middle, alpha) >= power)
                high = middle;
            else
                low = middle;
        }
        return high;
    }

    // P(T <= t), where T = (Z + shift) / S and S is the root of a chi-square over its degrees of freedom: the normal's distribution
    // function integrated over the density of S, which beyond ten of its deviations holds nothing.
    private static double NoncentralCdf(double t, int freedom, double shift)
    {
        var deviation = 1 / Math.Sqrt(2.0 * freedom);
        var low = Math.Max(0, 1 - 10 * deviation);
        var high = 1 + 10 * deviation;
        return GaussLegendreRule.Integrate(s => Normal.CDF(0, 1, t * s - shift) * RootDensity(s, freedom), low, high, 128);
    }

    private static double RootDensity(double s, int freedom) => s <= 0 ? 0 : Math.Sqrt(freedom) * Chi.PDF(freedom, s * Math.Sqrt(freedom));
}
