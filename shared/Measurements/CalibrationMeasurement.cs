using System.Text.Json;
using Replication.Bert;
using Replication.Runs;
using Replication.Training;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Replication.Measurements;

/// <summary>
/// Measures how fast this machine trains and infers, for the plan's estimate: real steps of a classifier of the small
/// teacher's geometry with random weights, in either number format, as one may be several times as fast as the other.
/// Kept in the cache for a day, by what the machine computes on.
/// </summary>
public static class CalibrationMeasurement
{
    // What else the machine does changes from day to day.
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private const int WarmupSteps = 2, LeastSteps = 3;

    // A backward pass costs twice the forward one: a product each for the gradients of its two factors.
    private const int ForwardPassesPerStep = 3;

    /// <summary>The geometry that is timed: 6 layers of 384, as the small teacher has.</summary>
    public static BertConfig Geometry { get; } = new() { HiddenSize = 384, NumHiddenLayers = 6, NumAttentionHeads = 12, IntermediateSize = 1536 };

    /// <summary>The batch that is timed: as many rows as the recipes take, about as long as GLUE's single sentences are.</summary>
    public static SpeedProtocol Batch { get; } = new() { BatchSize = 32, Length = 24 };

    /// <summary>The rate in the cache, or a new one.</summary>
    /// <param name="workspace">Device, cache and clock.</param>
    /// <param name="precision">The number format.</param>
    /// <param name="measure">Measures, such as <see cref="Measure"/> with <see cref="Geometry"/>.</param>
    public static ComputeRate LoadOrMeasure(Workspace workspace, Precision precision, Func<ComputeRate> measure)
    {
        var environment = Digest.OfText(JsonSerializer.Serialize(workspace.Environment, Json.Compact));
        var path = Path.Combine(workspace.CacheFolder, $"compute-rate-{precision.ToString().ToLowerInvariant()}-{environment[..RunKey.ShortLength]}.json");
        var now = workspace.Clock.GetUtcNow();
        if (TryRead(path) is { } kept && now - kept.Measured < Lifetime)
            return kept.Rate;
        var rate = measure();
        AtomicFile.WriteText(path, Json.Text(new Kept(rate, now)));
        return rate;
    }

    /// <summary>Measures: the median step of training (forward, backward, clipping, AdamW, dropout) and the median forward pass.</summary>
    /// <param name="workspace">Device and clock.</param>
    /// <param name="config">The geometry.</param>
    /// <param name="precision">The number format.</param>
    /// <param name="budget">Time for each of the two, after the warm-up.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public static ComputeRate Measure(Workspace workspace, BertConfig config, Precision precision, TimeSpan budget, CancellationToken cancellation)
    {
        using var model = new BertForSequenceClassification(config, outputs: 2, seed: 0) { Dropout = new DropoutStream(0), Precision = precision };
        model.to(workspace.Device);
        using var tokens = SpeedMeasurement.RandomTokens(config.VocabSize, Batch, workspace.Device);
        using var labels = zeros([Batch.BatchSize], ScalarType.Int64, workspace.Device);
        var recipe = new TrainingRecipe();
        using var optimizer = Optimizers.Create(recipe, model.named_parameters());
        var forward = (double)ModelSize.Flops(config, Batch.Length) * Batch.BatchSize;

        model.train();
        var training = MedianSeconds(step => TrainStep(model, optimizer, recipe, tokens, labels, step), budget, workspace.Clock, cancellation);
        model.eval();
        using var inference = inference_mode();
        var passes = MedianSeconds(_ => SpeedMeasurement.Pass(model, tokens), budget, workspace.Clock, cancellation);
        return new ComputeRate(ForwardPassesPerStep * forward / training, forward / passes);
    }

    private static void TrainStep(
        BertForSequenceClassification model, IOptimizer optimizer, TrainingRecipe recipe, TokenBatch tokens, Tensor labels, long step)
    {
        using var scope = NewDisposeScope();
        model.Dropout!.BeginStep(step);
        optimizer.ZeroGrad();
        functional.cross_entropy(model.forward(tokens, EncoderOutputs.None).Logits, labels).backward();
        // Reads the norm, so a GPU has done its work when this returns.
        GradientClipping.ClipTotalNorm(model.parameters(), recipe.MaxGradNorm ?? double.PositiveInfinity);
        optimizer.Step(recipe.LearningRate);
    }

    private static double MedianSeconds(Action<long> action, TimeSpan budget, TimeProvider clock, CancellationToken cancellation)
    {
        var seconds = new List<double>();
        for (var step = -WarmupSteps; seconds.Count < LeastSteps || seconds.Sum() < budget.TotalSeconds; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var start = clock.GetTimestamp();
            action(step + WarmupSteps);
            if (step >= 0)
                seconds.Add(clock.GetElapsedTime(start).TotalSeconds);
        }
        return Spread.Of(seconds).Median;
    }

    private static Kept? TryRead(string path)
    {
        try
        {
            return File.Exists(path) ? Json.Read<Kept>(path) : null;
        }
        catch (ReplicationException)
        {
            return null;
        }
    }

    private sealed record Kept(ComputeRate Rate, DateTimeOffset Measured);
}
