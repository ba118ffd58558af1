using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Replication.Claims;

/// <summary>
/// Welch's t-test of two independent samples, whose spreads need not be alike; its degrees of freedom are Welch and Satterthwaite's.
/// </summary>
public sealed class WelchTest
{
    private readonly double _error, _freedom;

    /// <summary>Takes the samples.</summary>
    /// <exception cref="ArgumentException">A sample has fewer than two numbers, or neither has spread.</exception>
    public WelchTest(IReadOnlyCollection<double> first, IReadOnlyCollection<double> second)
    {
        if (first.Count < 2 || second.Count < 2)
            throw new ArgumentException("Each sample needs two numbers.", nameof(first));
        var (a, b) = (first.Variance() / first.Count, second.Variance() / second.Count);
        if (a + b <= 0)
            throw new ArgumentException("Without spread t is undefined.", nameof(first));
        Difference = first.Mean() - second.Mean();
        _error = Math.Sqrt(a + b);
        _freedom = (a + b) * (a + b) / ((a * a / (first.Count - 1)) + (b * b / (second.Count - 1)));
    }

    /// <summary>The first mean less the second.</summary>
    public double Difference { get; }

    /// <summary>Two-sided p of equal means.</summary>
    public double TwoSidedP => 2 * Tail(Math.Abs(Difference));

    /// <summary>Two one-sided tests (TOST) of means that differ by <paramref name="margin"/> or more.</summary>
    public double EquivalenceP(double margin) => Tail(margin - Math.Abs(Difference));

    private double Tail(double distance) => 1 - StudentT.CDF(0, 1, _freedom, distance / _error);
}
