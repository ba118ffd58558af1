using Replication.Bert;
using Replication.Glue;
using static TorchSharp.torch;

namespace Replication.Training;

/// <summary>A model's outputs for a data set, in row order, with their scores.</summary>
/// <param name="Logits">Outputs by row.</param>
/// <param name="Scores">Official metrics as fractions; null where undefined.</param>
public sealed record Evaluation(IReadOnlyList<float[]> Logits, IReadOnlyDictionary<string, double?> Scores);

/// <summary>Runs a model over a data set without gradients or dropout, in fp32 whatever it was trained in.</summary>
public static class Evaluator
{
    // Batches of about this many tokens: large enough to keep the cores busy, small enough to stay in cache.
    private const int TokensPerBatch = 4096;

    /// <summary>Scores a model.</summary>
    public static Evaluation Evaluate(
        BertForSequenceClassification model, EncodedDataset data, Device device, CancellationToken cancellation = default, Action<int>? onRows = null)
    {
        var logits = Logits(model, data, device, cancellation, onRows);
        return new Evaluation(logits, GlueScorer.Score(data.Task, logits, [.. data.Examples.Select(e => e.Label)]));
    }

    /// <summary>A model's outputs, in row order.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The rows.</param>
    /// <param name="device">Where the model is.</param>
    /// <param name="cancellation">Ends it between two batches.</param>
    /// <param name="onRows">Hears after each batch how many rows are done.</param>
    public static IReadOnlyList<float[]> Logits(
        BertForSequenceClassification model, EncodedDataset data, Device device, CancellationToken cancellation = default, Action<int>? onRows = null)
    {
        var (training, precision) = (model.training, model.Precision);
        model.eval();
        model.Precision = Precision.Fp32;
        try
        {
            using var noGrad = no_grad();
            using var pause = new CollectorPause();
            var logits = new float[data.Examples.Count][];
            var done = 0;
            foreach (var rows in BatchesByLength(data))
            {
                cancellation.ThrowIfCancellationRequested();
                pause.Renew();
                using var scope = NewDisposeScope();
                using var batch = GlueBatch.Collate(data, rows, device);
                var output = model.forward(batch.Tokens, EncoderOutputs.None).Logits.cpu().data<float>().ToArray();
                for (var i = 0; i < rows.Length; i++)
                    logits[rows[i]] = output[(i * model.Outputs)..((i + 1) * model.Outputs)];
                onRows?.Invoke(done += rows.Length);
            }
            return logits;
        }
        finally
        {
            model.Precision = precision;
            model.train(training);
        }
    }

    /// <summary>All rows in batches of neighbours in length, so that hardly anything is padding.</summary>
    public static IEnumerable<int[]> BatchesByLength(EncodedDataset data)
    {
        var batch = new List<int>();
        foreach (var row in Enumerable.Range(0, data.Examples.Count).OrderBy(i => data.Examples[i].Length))
        {
            var example = data.Examples[row];
            if (batch.Count > 0 && (batch.Count + 1) * example.Texts.Count * example.Length > TokensPerBatch)
            {
                yield return [.. batch];
                batch.Clear();
            }
            batch.Add(row);
        }
        if (batch.Count > 0)
            yield return [.. batch];
    }
}
