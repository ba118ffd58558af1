using System.Globalization;
using MathNet.Numerics.Distributions;

namespace Replication.Claims;

/// <summary>A difference between two models on one task in one replicate; positive where it speaks for the claim.</summary>
/// <param name="Task">The task.</param>
/// <param name="Replicate">The replicate of both models.</param>
/// <param name="Value">Better minus worse, as the paper has them, in the claim's unit.</param>
public sealed record PairedDifference(string Task, int Replicate, double Value);

/// <summary>What paired differences say: their mean, its 95 % interval (Student's t, n - 1 degrees of freedom) and the sign-flip test's p.</summary>
/// <param name="Pairs">How many pairs, n.</param>
/// <param name="Mean">Mean difference.</param>
/// <param name="Low">Lower end of the interval; minus infinity for fewer than two pairs.</param>
/// <param name="High">Upper end of the interval; infinity for fewer than two pairs.</param>
/// <param name="P">Two-sided p of the sign-flip test.</param>
public sealed record PairedComparison(int Pairs, double Mean, double Low, double High, double P)
{
    /// <summary>An order is settled below this p.</summary>
    public const double Level = 0.05;

    /// <summary>Fewer pairs can never reach <see cref="Level"/>: with five, the smallest two-sided p is 2/32.</summary>
    public const int FewestPairs = 6;

    /// <summary>Compares.</summary>
    /// <exception cref="ArgumentException">There is no pair, one is not finite, or a task and replicate occur twice.</exception>
    public static PairedComparison Of(IReadOnlyList<PairedDifference> pairs)
    {
        if (pairs.Count == 0)
            throw new ArgumentException("There is no pair to compare.", nameof(pairs));
        if (pairs.FirstOrDefault(p => !double.IsFinite(p.Value)) is { } bad)
            throw new ArgumentException($"The difference on {bad.Task} in replicate {bad.Replicate} is not finite.", nameof(pairs));
        if (pairs.GroupBy(p => (p.Task, p.Replicate)).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"{twice.Key.Task} in replicate {twice.Key.Replicate} occurs twice.", nameof(pairs));

        var values = pairs.Select(p => p.Value).ToList();
        var n = values.Count;
        var mean = values.Average();
        var half = double.PositiveInfinity;
        if (n > 1)
        {
            var deviation = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (n - 1));
            half = StudentT.InvCDF(0, 1, n - 1, 0.975) * deviation / Math.Sqrt(n);
        }
        return new PairedComparison(n, mean, mean - half, mean + half, SignFlipTest.TwoSidedP(values));
    }

    /// <summary>Whether both the interval and the test say that the difference is not zero.</summary>
    public bool Settled => P < Level && (Low > 0 || High < 0);

    /// <summary>n, mean, interval and p in words.</summary>
    public string Words(string unit)
    {
        var interval = Pairs > 1 ? string.Create(CultureInfo.InvariantCulture, $", 95 % interval {Low:+0.00;-0.00;0.00} to {High:+0.00;-0.00;0.00}") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{Pairs} {(Pairs == 1 ? "pair" : "pairs")} of task and seed, mean difference {Mean:+0.00;-0.00;0.00} {unit}{interval}, sign-flip test p {(P < 0.001 ? "<" : "=")} {Math.Max(P, 0.001):0.000}");
    }
}
