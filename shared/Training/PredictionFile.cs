using System.Globalization;
using System.Text;
using Replication.Glue;

namespace Replication.Training;

/// <summary>A model's predictions as a table: row, prediction, label, outputs.</summary>
public static class PredictionFile
{
    /// <summary>Writes a tab-separated file with a header line.</summary>
    public static void Write(string path, GlueDataset data, IReadOnlyList<float[]> logits) =>
        Write(path, data.Task, [.. data.Examples.Select(e => e.Label ?? float.NaN)], logits);

    /// <inheritdoc cref="Write(string, GlueDataset, IReadOnlyList{float[]})"/>
    public static void Write(string path, EncodedDataset data, IReadOnlyList<float[]> logits) =>
        Write(path, data.Task, [.. data.Examples.Select(e => e.Label)], logits);

    private static void Write(string path, GlueTask task, IReadOnlyList<float> labels, IReadOnlyList<float[]> logits)
    {
        var text = new StringBuilder("index\tprediction\tlabel\t")
            .AppendJoin('\t', task.IsRegression ? ["score"] : task.Labels.Select(l => "logit " + l)).Append('\n');
        for (var row = 0; row < labels.Count; row++)
        {
            var (outputs, label) = (logits[row], labels[row]);
            var best = Array.IndexOf(outputs, outputs.Max());
            text.Append(CultureInfo.InvariantCulture, $"{row}\t")
                .Append(task.IsRegression ? Number(outputs[0]) : task.Labels[best]).Append('\t')
                .Append(float.IsNaN(label) ? "" : task.IsRegression ? Number(label) : task.Labels[(int)label]).Append('\t')
                .AppendJoin('\t', outputs.Select(Number)).Append('\n');
        }
        AtomicFile.WriteText(path, text.ToString());
    }

    private static string Number(float value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
