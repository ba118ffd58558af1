using MathNet.Numerics.Statistics;

namespace Replication.Measurements;

/// <summary>What a handful of repeated measurements shows; the median, since a busy machine makes outliers on one side.</summary>
/// <param name="Median">The middle one.</param>
/// <param name="Min">The smallest.</param>
/// <param name="Max">The largest.</param>
/// <param name="Mad">Median absolute deviation from the median, unscaled.</param>
/// <param name="Count">Number of measurements.</param>
public readonly record struct Spread(double Median, double Min, double Max, double Mad, int Count)
{
    /// <summary>Summarises values.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static Spread Of(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0)
            throw new ArgumentException("No measurements to summarise.", nameof(values));
        var median = values.Median();
        return new Spread(median, values.Min(), values.Max(), values.Select(v => Math.Abs(v - median)).Median(), values.Count);
    }

    /// <summary>The same in another unit: all but the count times a factor above 0.</summary>
    public Spread Times(double factor) => new(factor * Median, factor * Min, factor * Max, factor * Mad, Count);
}
