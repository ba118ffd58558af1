using Replication.Bert;
using Replication.Glue;
using static TorchSharp.torch;

namespace Replication.Training;

/// <summary>A model's outputs for a data set, in row order, with their scores.</summary>
/// <param name="Logits">Outputs by row.</param>
/// <param name="Scores">Official metrics as fractions; null where undefined.</param>
public sealed record Evaluation(IReadOnlyList<float[]> Logits, IReadOnlyDictionary<string, double?> Scores)
{
    /// <summary>The same of parts of the rows, by name; none for most tasks.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> Parts { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, double?>>();

    /// <summary>All scores by what was measured, such as "dev" and, of a part, "dev-middle".</summary>
    /// <param name="name">What was measured.</param>
    public IEnumerable<KeyValuePair<string, IReadOnlyDictionary<string, double?>>> Named(string name) =>
        Parts.Select(part => KeyValuePair.Create($"{name}-{part.Key}", part.Value)).Prepend(KeyValuePair.Create(name, Scores));
}

/// <summary>Runs a model over a data set without gradients or dropout, in fp32 whatever it was trained in.</summary>
public static class Evaluator
{
    // Batches of about this many tokens: large enough to keep the cores busy, small enough to stay in cache.
    private const int TokensPerBatch = 4096;

    /// <summary>Scores a model.</summary>
    public static Evaluation Evaluate(
        BertForSequenceClassification model, EncodedDataset data, Device device, CancellationToken cancellation = default,
        Action<int>? onRows = null) =>
        Score(data, Logits(model, data, device, cancellation, onRows));

    /// <summary>Scores outputs, and those of the data's parts.</summary>
    public static Evaluation Score(EncodedDataset data, IReadOnlyList<float[]> logits) =>
        new(logits, GlueScorer.Score(data.Task, logits, [.. data.Examples.Select(e => e.Label)]))
        {
            Parts = data.Parts.ToDictionary(
                part => part.Key,
                part => GlueScorer.Score(
                data.Task, [.. part.Value.Select(row => logits[row])], [.. part.Value.Select(row => data.Examples[row].Label)]),
                StringComparer.Ordinal),
        };

    /// <summary>A model's outputs, in row order.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The rows.</param>
    /// <param name="device">Where the model is.</param>
    /// <param name="cancellation">Ends it between two batches.</param>
    /// <param name="onRows">Called after each batch with the number of rows done.</param>
    public static IReadOnlyList<float[]> Logits(
        BertForSequenceClassification model, EncodedDataset data, Device device, CancellationToken cancellation = default,
        Action<int>? onRows = null) =>
        Logits(model, data, BatchesByLength([.. data.Examples.Select(e => e.Length)], data.Task.Choices), _ => 0, device, cancellation,
            onRows);

    /// <summary>A model's outputs, in row order, in batches of one's own.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The rows.</param>
    /// <param name="batches">All of them in batches.</param>
    /// <param name="leastLength">Tokens that a batch is padded to, where its longest row has fewer.</param>
    /// <param name="device">Where the model is.</param>
    /// <param name="cancellation">Ends it between two batches.</param>
    /// <param name="onRows">Called after each batch with the number of rows done.</param>
    internal static IReadOnlyList<float[]> Logits(
        BertForSequenceClassification model, EncodedDataset data, IEnumerable<int[]> batches, Func<int[], int> leastLength, Device device,
        CancellationToken cancellation = default, Action<int>? onRows = null)
    {
        var logits = new float[data.Examples.Count][];
        Run(model, model.Encoder, batches, cancellation, onRows, rows =>
        {
            using var batch = GlueBatch.Collate(data, rows, device, leastLength(rows));
            var output = model.forward(batch.Tokens, EncoderOutputs.None).Logits.cpu().data<float>().ToArray();
            for (var i = 0; i < rows.Length; i++)
                logits[rows[i]] = output[(i * model.Outputs)..((i + 1) * model.Outputs)];
        });
        return logits;
    }

    /// <summary>Runs a model over batches of rows, without gradients or dropout and in fp32.</summary>
    /// <param name="model">The model.</param>
    /// <param name="encoder">Its encoder.</param>
    /// <param name="batches">Rows of each batch.</param>
    /// <param name="cancellation">Ends it between two batches.</param>
    /// <param name="onRows">Called after each batch with the number of rows done.</param>
    /// <param name="compute">Computes a batch.</param>
    internal static void Run(
        nn.Module model, BertModel encoder,
        IEnumerable<int[]> batches, CancellationToken cancellation, Action<int>? onRows, Action<int[]> compute)
    {
        var (training, precision) = (model.training, encoder.Precision);
        model.eval();
        encoder.Precision = Precision.Fp32;
        try
        {
            using var noGrad = no_grad();
            using var pause = new CollectorPause();
            var done = 0;
            foreach (var rows in batches)
            {
                cancellation.ThrowIfCancellationRequested();
                pause.Renew();
                using var scope = NewDisposeScope();
                compute(rows);
                onRows?.Invoke(done += rows.Length);
            }
        }
        finally
        {
            encoder.Precision = precision;
            model.train(training);
        }
    }

    /// <summary>All rows in batches of neighbours in length, so that hardly anything is padding.</summary>
    /// <param name="lengths">Tokens of the longest text of each row.</param>
    /// <param name="texts">Texts of a row.</param>
    public static IEnumerable<int[]> BatchesByLength(IReadOnlyList<int> lengths, int texts = 1)
    {
        var batch = new List<int>();
        foreach (var row in Enumerable.Range(0, lengths.Count).OrderBy(i => lengths[i]))
        {
            if (batch.Count > 0 && (batch.Count + 1) * texts * lengths[row] > TokensPerBatch)
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
