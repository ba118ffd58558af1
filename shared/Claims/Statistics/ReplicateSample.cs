using MathNet.Numerics.Distributions;

namespace Replication.Claims;

/// <summary>An interval of a mean.</summary>
/// <param name="Low">Lower end; minus infinity where there is none.</param>
/// <param name="High">Upper end; infinity where there is none.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>The two-sided t interval of a mean; without ends for one number.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="deviation">Standard deviation of the numbers over n - 1.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="level">Such as 0.95.</param>
    public static Interval OfMean(double mean, double deviation, int count, double level)
    {
        if (count < 2)
            return new Interval(double.NegativeInfinity, double.PositiveInfinity);
        var half = StudentT.InvCDF(0, 1, count - 1, 0.5 + level / 2) * deviation / Math.Sqrt(count);
        return new Interval(mean - half, mean + half);
    }

    /// <summary>Whether it lies within the open range between <paramref name="low"/> and <paramref name="high"/>.</summary>
    public bool Inside(double low, double high) => Low > low && High < high;
}

/// <summary>
/// One number per replicate, a replicate having drawn everything random anew: the sample that an order is judged on. All tests are
/// Student's t with n - 1 degrees of freedom. Without spread t is undefined, and so is every p.
/// </summary>
public sealed class ReplicateSample
{
    // Differences of equal scores leave rounding behind; a spread below this share of the values is none.
    private const double Rounding = 1e-9;

    /// <summary>Takes the numbers.</summary>
    /// <exception cref="ArgumentException">There are none, or one is not finite.</exception>
    public ReplicateSample(IReadOnlyList<double> values)
    {
        if (values.Count == 0)
            throw new ArgumentException("There is no replicate.", nameof(values));
        if (values.Any(v => !double.IsFinite(v)))
            throw new ArgumentException("A replicate's number is not finite.", nameof(values));
        Values = values;
        Mean = values.Average();
        var squares = values.Sum(v => (v - Mean) * (v - Mean));
        StandardDeviation = values.Count < 2 ? 0 : Math.Sqrt(squares / (values.Count - 1));
        HasSpread = StandardDeviation > Rounding * values.Max(Math.Abs);
    }

    /// <summary>A number per replicate.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>Number of replicates, n.</summary>
    public int Count => Values.Count;

    /// <summary>Their mean.</summary>
    public double Mean { get; }

    /// <summary>Their standard deviation over n - 1; 0 for one.</summary>
    public double StandardDeviation { get; }

    /// <summary>Whether the numbers differ by more than rounding.</summary>
    public bool HasSpread { get; }

    private double StandardError => StandardDeviation / Math.Sqrt(Count);

    /// <summary>The two-sided t interval of the mean; a point without spread, without ends for one replicate.</summary>
    /// <param name="level">Such as 0.95.</param>
    public Interval Interval(double level) => Claims.Interval.OfMean(Mean, StandardDeviation, Count, level);

    /// <summary>Two-sided p of a mean of zero; null where t is undefined.</summary>
    public double? TwoSidedP => TwoSidedPOf(0);

    /// <summary>Two-sided p of a mean of <paramref name="bound"/>; null where t is undefined.</summary>
    public double? TwoSidedPOf(double bound) => AboveP(bound) is { } above ? 2 * Math.Min(above, 1 - above) : null;

    /// <summary>One-sided p of a mean of at most <paramref name="bound"/>; null where t is undefined.</summary>
    public double? AboveP(double bound) => HasSpread ? StudentT.CDF(0, 1, Count - 1, (bound - Mean) / StandardError) : null;

    /// <summary>One-sided p of a mean of at least <paramref name="bound"/>; null where t is undefined.</summary>
    public double? BelowP(double bound) => 1 - AboveP(bound);

    /// <summary>Two one-sided tests (TOST) of a mean outside plus or minus <paramref name="margin"/>; null where t is undefined.</summary>
    public double? EquivalenceP(double margin) =>
        AboveP(-margin) is { } above && BelowP(margin) is { } below ? Math.Max(above, below) : null;

    /// <summary>One-sided p of a mean of minus <paramref name="margin"/> or less; null where t is undefined.</summary>
    public double? NonInferiorityP(double margin) => AboveP(-margin);
}
