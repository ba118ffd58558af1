using Replication.Bert;
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
    /// <param name="model">The model.</param>
    /// <param name="fused">Whether the form has ONNX Runtime's own operators; names of inputs depend on it.</param>
    /// <param name="encoded">The texts as token ids, at least one.</param>
    /// <param name="padding">Id of the padding token.</param>
    /// <param name="cancellation">Stops between two texts.</param>
    public static IReadOnlyList<IReadOnlyDictionary<string, ValueRange>> Ranges(
        BertForSequenceClassification model, bool fused, IReadOnlyList<(int[] Ids, int FirstLength)> encoded, int padding,
        CancellationToken cancellation)
    {
        var products = new CalibratingProducts();
        var folder = Directory.CreateTempSubdirectory("calibration-").FullName;
        try
        {
            var path = Path.Combine(folder, TextModel.FileName);
            OnnxFile.Write(path, model, fused, products);
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
