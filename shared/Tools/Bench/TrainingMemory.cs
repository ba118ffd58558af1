using System.Globalization;
using Replication.Bert;
using Replication.Measurements;
using Replication.Runs;

namespace Replication.Bench;

/// <summary>The memory that a training adds to the process, held against what it has to hold.</summary>
internal static class TrainingMemory
{
    /// <summary>Steps that are to be watched, as far as the time allows.</summary>
    public const int Steps = 1000;

    // Adam's two moments beside weights and gradients.
    private const int CopiesOfWeights = 4;

    /// <summary>
    /// Bytes of weights, gradients, moments, and of the activations that a step keeps for its backward pass, in fp32. Of each token a
    /// layer keeps its input, queries, keys and values, context, two dropout masks, two sums before LayerNorm and the state between
    /// (10 d), the feed-forward network's inner states before and after GELU (2 i), and for each head and place probabilities, mask and
    /// their product (3 h n); the embeddings keep their sum and a mask (2 d).
    /// </summary>
    /// <param name="config">The geometry.</param>
    /// <param name="parameters">The model's parameters.</param>
    /// <param name="batch">Rows.</param>
    /// <param name="length">Tokens a row with padding, n.</param>
    public static double Bytes(BertConfig config, long parameters, int batch, int length)
    {
        double d = config.HiddenSize, i = config.IntermediateSize, h = config.NumAttentionHeads;
        var token = (config.NumHiddenLayers * ((10 * d) + (2 * i) + (3 * h * length))) + (2 * d);
        return sizeof(float) * ((CopiesOfWeights * (double)parameters) + (token * batch * length));
    }

    /// <summary>Fills a row: the peak of a training beyond the process at rest, over the above for its longest batch.</summary>
    /// <param name="row">The row with its target.</param>
    /// <param name="workspace">Where it computes.</param>
    /// <param name="config">The geometry.</param>
    /// <param name="rows">What it is trained on, all batches of an epoch.</param>
    /// <param name="budget">How long it may take.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public static PerformanceRow Measure(
        PerformanceRow row, Workspace workspace, BertConfig config, TimedRows rows, TimeSpan budget, CancellationToken cancellation)
    {
        var counts = PeakMemory.TryReset();
        var rest = Environment.WorkingSet;
        using var training = FineTuningStep.New(workspace, config, rows, Precision.Fp32);
        var held = new List<long>();
        var longest = 0;
        using var pause = new CollectorPause();
        var start = workspace.Clock.GetTimestamp();
        for (var step = 0; step < Steps && workspace.Clock.GetElapsedTime(start) < budget; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            pause.Renew();
            var batch = step % rows.Batches.Count;
            training.Step(batch);
            longest = Math.Max(longest, rows.Length(batch));
            held.Add(Environment.WorkingSet);
        }
        var peak = counts ? PeakMemory.Bytes() : held.Max();
        double Needed(int length) =>
            Bytes(config, ModelSize.Parameters(config, classes: rows.Data.Task.Outputs), rows.Batches[0].Length, length);
        var (weights, needed) = (Needed(0), Needed(longest));
        double Quarter(int quarter) =>
            MedianInterval.Of(held.Skip(held.Count * quarter / 4).Take(Math.Max(1, held.Count / 4)).Select(bytes => bytes / 1e6)).Median;
        row = row with
        {
            Value = MedianInterval.Once((peak - rest) / needed),
            Setting = string.Create(
                CultureInfo.InvariantCulture,
                $"{FineTuningStep.Words(config)}, fp32: {held.Count:n0} steps over {rows.Words}; peak {(peak - rest) / 1e6:n0} MB beyond "
                + $"the {rest / 1e6:n0} MB at rest, worked out {needed / 1e6:n0} MB (longest batch {longest} tokens); held after a step, "
                + $"medians: {Quarter(1):n0} MB in the second quarter of the steps, {Quarter(3):n0} MB in the last"),
        };
        return row.IsReached == true ? row : row with
        {
            Profile =
            [
                new StepPart("weights, gradients and moments", weights / (peak - rest)),
                new StepPart("activations of the longest batch", (needed - weights) / (peak - rest)),
                new StepPart("buffers of a step, and freed memory that the allocator keeps", 1 - (needed / (peak - rest))),
            ],
        };
    }
}
