using MathNet.Numerics.Distributions;

namespace Replication.Bench;

/// <summary>The median of repeated measurements with an interval that holds whatever their distribution.</summary>
/// <param name="Median">The middle one.</param>
/// <param name="Low">Lower end of the 95 % interval.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Count">Number of measurements.</param>
internal sealed record MedianInterval(double Median, double Low, double High, int Count)
{
    private const double Confidence = 0.95;

    /// <summary>
    /// Of some values: the interval lies between two of them, as far in as the binomial distribution of those below the median allows.
    /// Fewer than six give their smallest and largest, which is less than 95 % (five: 94 %).
    /// </summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static MedianInterval Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        if (sorted.Count == 0)
            throw new ArgumentException("No measurements to summarise.", nameof(values));
        var cut = 0;
        while (2 * Binomial.CDF(0.5, sorted.Count, cut + 1) <= 1 - Confidence)
            cut++;
        return new MedianInterval(
            (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2, sorted[cut], sorted[^(cut + 1)], sorted.Count);
    }

    /// <summary>A number that was not measured repeatedly.</summary>
    public static MedianInterval Once(double value) => new(value, value, value, 1);
}
