using MathNet.Numerics.Distributions;
using Replication.Claims;

namespace Replication.Studies;

/// <summary>Bars of some variants' scores, a group of bars for each task.</summary>
public static class ScoreBars
{
    /// <summary>The figure; null where none of the variants is measured.</summary>
    /// <param name="results">The study's runs.</param>
    /// <param name="variants">The variants.</param>
    /// <param name="id">File name.</param>
    /// <param name="title">Heading.</param>
    public static BarFigure? Figure(StudyResults results, IReadOnlyList<Variant> variants, string id, string title)
    {
        BarGroup[] groups =
        [
            .. from task in results.Study.Tasks
               let bars = variants.Select(variant => (variant.Name, Measured: results.Measure(variant, results.Study.MainColumn(task))))
                   .Where(bar => bar.Measured is not null)
                   .Select(bar => (bar.Name, bar.Measured!.Value, HalfWidth(bar.Measured))).ToArray()
               where bars.Length > 0
               select new BarGroup(task.Name, bars),
        ];
        return groups.Length == 0 ? null : new BarFigure(
            id, title, $"Main metric on dev of each variant, mean and 95 % interval over seeds, {results.Profile} profile.",
            "Variant", "score (%)", groups);
    }

    // 95 %, from Student's t.
    private static double? HalfWidth(Measurement measured) => measured.Spread is { } spread && measured.Replicates.Count > 1
        ? StudentT.InvCDF(0, 1, measured.Replicates.Count - 1, 0.975) * spread / Math.Sqrt(measured.Replicates.Count)
        : null;
}
