using Replication.Inference;

namespace Replication.Export;

/// <summary>
/// Finds the ranges of all products' inputs on some texts. Each text runs by itself, so that no padding is measured, however
/// unequal their lengths are.
/// </summary>
internal static class Calibrator
{
    // Shares of the texts whose values lie within the range: all of them, or all but a few loud ones.
    private static readonly double[] Shares = [1, 0.99, 0.95];

    /// <summary>Ranges from wide to narrow, of which the best is to be chosen by what the model answers with it.</summary>
    /// <param name="write">Writes the model's file, in the form that is asked for, with its products written in some way.</param>
    /// <param name="encoded">The texts as token ids, at least one.</param>
    /// <param name="padding">Id of the padding token.</param>
    /// <param name="cancellation">Stops between two texts.</param>
    public static IReadOnlyList<IReadOnlyDictionary<string, ValueRange>> Ranges(
        Action<string, Products> write, IReadOnlyList<(int[] Ids, int FirstLength)> encoded, int padding, CancellationToken cancellation)
    {
        var products = new CalibratingProducts();
        var folder = Directory.CreateTempSubdirectory("calibration-").FullName;
        try
        {
            var path = Path.Combine(folder, TextModel.FileName);
            write(path, products);
            string[] inputs = [.. products.Inputs];
            using var graph = OnnxModel.Open(
                path, Environment.ProcessorCount,
                [.. inputs.Select(i => i + CalibratingProducts.Least), .. inputs.Select(i => i + CalibratingProducts.Most)]);
            var values = Array.ConvertAll(new double[2 * inputs.Length], _ => new List<double>(encoded.Count));
            foreach (var row in encoded)
                graph.Run([row], row.Ids.Length, padding, (output, numbers) => values[output].Add(numbers[0]), cancellation);
            foreach (var list in values)
                list.Sort();
            return [.. Shares.Select(share => inputs
                .Select((input, i) => (input, Range: new ValueRange(At(values[i], 1 - share), At(values[inputs.Length + i], share))))
                .ToDictionary(r => r.input, r => r.Range, StringComparer.Ordinal))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double At(List<double> sorted, double share) => sorted[(int)Math.Round(share * (sorted.Count - 1))];
}
