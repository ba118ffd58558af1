using System.Runtime.InteropServices;
using Replication.Bert;
using Replication.Glue;
using static TorchSharp.torch;

namespace Replication.Training;

/// <summary>Runs a teacher over a data set and writes what it says of each row.</summary>
internal static class TeacherOutputsWriter
{
    // Enough for full speed; the rows of a batch have about one length, so nearly none of them is padding.
    private const int TokensPerBatch = 4096;

    /// <summary>Fills a file; rows are in their own order, whatever order they are computed in.</summary>
    /// <param name="file">Empty and seekable.</param>
    /// <param name="key">What is asked for.</param>
    /// <param name="teacher">The teacher, on <paramref name="device"/>.</param>
    /// <param name="data">The rows.</param>
    /// <param name="device">Device that computes.</param>
    /// <param name="progress">Called with the number of rows done; may be null.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public static void Write(
        Stream file,
        TeacherOutputsKey key,
        BertForSequenceClassification teacher,
        EncodedDataset data,
        Device device,
        Action<int>? progress,
        CancellationToken cancellation)
    {
        var format = new TeacherOutputsFormat(key, teacher.Outputs, teacher.Choices * teacher.Config.HiddenSize);
        file.SetLength(format.Bytes);
        file.Write(format.Header);
        teacher.eval();
        teacher.Dropout = null;
        teacher.Precision = Precision.Fp32;
        using var pause = new CollectorPause();
        var done = 0;
        foreach (var rows in Batches(data))
        {
            cancellation.ThrowIfCancellationRequested();
            pause.Renew();
            var values = Compute(teacher, data, rows, key.Layers, device);
            for (var i = 0; i < rows.Length; i++)
            {
                file.Position = format.RowOffset(rows[i]);
                file.Write(MemoryMarshal.AsBytes(values.AsSpan(i * format.RowValues, format.RowValues)));
            }
            progress?.Invoke(done += rows.Length);
        }
    }

    /// <summary>Rows by length, cut where the padded batch would exceed its tokens.</summary>
    private static IEnumerable<int[]> Batches(EncodedDataset data)
    {
        var batch = new List<int>();
        foreach (var example in data.Examples.OrderBy(e => e.Length).ThenBy(e => e.Row))
        {
            if (batch.Count > 0 && (batch.Count + 1) * example.Texts.Count * example.Length > TokensPerBatch)
            {
                yield return [.. batch];
                batch.Clear();
            }
            batch.Add(example.Row);
        }
        if (batch.Count > 0)
            yield return [.. batch];
    }

    /// <summary>Logits and [CLS] states, [rows, classes + layers * choices * hidden].</summary>
    private static float[] Compute(
        BertForSequenceClassification teacher, EncodedDataset data, int[] rows, IReadOnlyList<int> layers, Device device)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        using var batch = GlueBatch.Collate(data, rows, device);
        var output = teacher.call(batch.Tokens, layers.Count > 0 ? EncoderOutputs.HiddenStates : EncoderOutputs.None);
        var states = layers.Select(layer => output.Encoder.HiddenStates[layer].select(1, 0).reshape(rows.Length, -1));
        return cat([output.Logits, .. states], dim: 1).to(ScalarType.Float32).cpu().data<float>().ToArray();
    }
}
