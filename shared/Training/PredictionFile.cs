using System.Globalization;
using System.Text;
using Replication.Glue;

namespace Replication.Training;

/// <summary>A model's predictions as a table: row, prediction, label, outputs.</summary>
public static class PredictionFile
{
    /// <summary>Writes a tab-separated file with a header line.</summary>
    public static void Write(string path, EncodedDataset data, IReadOnlyList<float[]> logits)
    {
        var task = data.Task;
        var text = new StringBuilder("index\tprediction\tlabel\t")
            .AppendJoin('\t', task.IsRegression ? ["score"] : task.Labels.Select(l => "logit " + l)).Append('\n');
        foreach (var example in data.Examples)
        {
            var outputs = logits[example.Row];
            var best = Array.IndexOf(outputs, outputs.Max());
            text.Append(CultureInfo.InvariantCulture, $"{example.Row}\t")
                .Append(task.IsRegression ? Number(outputs[0]) : task.Labels[best]).Append('\t')
                .Append(float.IsNaN(example.Label) ? "" : task.IsRegression ? Number(example.Label) : task.Labels[(int)example.Label]).Append('\t')
                .AppendJoin('\t', outputs.Select(Number)).Append('\n');
        }
        AtomicFile.WriteText(path, text.ToString());
    }

    private static string Number(float value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
