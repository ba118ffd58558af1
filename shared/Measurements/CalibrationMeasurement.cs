using System.Text.Json;
using Replication.Bert;
using Replication.Runs;

namespace Replication.Measurements;

/// <summary>
/// Measures how fast this machine trains and infers in either number format, for the plan's estimate and for the choice of the
/// faster one: real steps of a classifier of the small teacher's geometry with random weights. Kept in the cache for a day,
/// by what the machine computes on.
/// </summary>
public static class CalibrationMeasurement
{
    // What else the machine does changes from day to day.
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private const int WarmupRounds = 2, LeastRounds = 3;

    // A format this many times slower than the other is out of the question; no more time is spent on it. The first round of all, which
    // also pays for what is made once, must say so more clearly: emulated bfloat16 takes seconds a step.
    private const double HopelessFactor = 2, HopelessAtFirst = 4;

    /// <summary>The geometry that is timed: 6 layers of 384, as the small teacher has.</summary>
    public static BertConfig Geometry { get; } =
        new() { HiddenSize = 384, NumHiddenLayers = 6, NumAttentionHeads = 12, IntermediateSize = 1536 };

    /// <summary>The batch that is timed: as many rows as the recipes take, about as long as GLUE's single sentences are.</summary>
    public static SpeedProtocol Batch { get; } = new() { BatchSize = 32, Length = 24 };

    /// <summary>The rates in the cache, or new ones.</summary>
    /// <param name="workspace">Device, cache and clock.</param>
    /// <param name="measure">Measures, such as <see cref="Measure"/> with <see cref="Geometry"/>.</param>
    public static ComputeRates LoadOrMeasure(Workspace workspace, Func<ComputeRates> measure)
    {
        var path = CacheFile(workspace, "compute-rates");
        var now = workspace.Clock.GetUtcNow();
        if (TryRead<Kept>(path) is { } kept && now - kept.Measured < Lifetime)
            return kept.Rates;
        var rates = measure();
        AtomicFile.WriteText(path, Json.Text(new Kept(rates, now)));
        return rates;
    }

    /// <summary>
    /// Measures: the median step of training (forward, backward, clipping, AdamW, dropout) and the median forward pass. The formats
    /// take turns, so that what else the machine does meets both.
    /// </summary>
    /// <param name="workspace">Device and clock.</param>
    /// <param name="config">The geometry.</param>
    /// <param name="budget">Time for each of the two, after the warm-up.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public static ComputeRates Measure(Workspace workspace, BertConfig config, TimeSpan budget, CancellationToken cancellation)
    {
        using var fp32 = new CalibrationSubject(config, Precision.Fp32, Batch, workspace.Device);
        using var bf16 = new CalibrationSubject(config, Precision.Bf16, Batch, workspace.Device);
        var training = MedianSeconds([fp32.TrainStep, bf16.TrainStep], budget, workspace.Clock, cancellation);
        var passes = MedianSeconds([fp32.Pass, bf16.Pass], budget, workspace.Clock, cancellation);
        ComputeRate Rate(int index) =>
            new(CalibrationSubject.ForwardPassesPerStep * fp32.ForwardFlops / training[index], fp32.ForwardFlops / passes[index]);
        return new ComputeRates(Rate(0), Rate(1));
    }

    /// <summary>A file of the cache that holds for what this machine computes on.</summary>
    internal static string CacheFile(Workspace workspace, string name)
    {
        var environment = Digest.OfText(
            JsonSerializer.Serialize(workspace.Environment, Json.Compact) + workspace.Processor.Name + workspace.Processor.Kernels);
        return Path.Combine(workspace.CacheFolder, $"{name}-{environment[..RunKey.ShortLength]}.json");
    }

    /// <summary>A file of the cache; null where there is none or it cannot be used.</summary>
    internal static T? TryRead<T>(string path)
        where T : class
    {
        try
        {
            return File.Exists(path) ? Json.Read<T>(path) : null;
        }
        catch (ReplicationException)
        {
            return null;
        }
    }

    /// <summary>
    /// The median time of each action, a turn each a round; one that is hopelessly slow is left out as soon as it is seen.
    /// </summary>
    internal static double[] MedianSeconds(
        IReadOnlyList<Action> actions, TimeSpan budget, TimeProvider clock, CancellationToken cancellation)
    {
        double[] first = [.. actions.Select(Seconds)];
        var times = Array.ConvertAll(first, seconds => seconds > HopelessAtFirst * first.Min() ? new List<double> { seconds } : []);
        for (var round = 1 - WarmupRounds; round < LeastRounds || times.Max(own => own.Sum()) < budget.TotalSeconds; round++)
        {
            foreach (var (action, own) in actions.Zip(times))
            {
                if (IsHopeless(own))
                    continue;
                var seconds = Seconds(action);
                if (round >= 0)
                    own.Add(seconds);
            }
        }
        return [.. times.Select(own => Spread.Of(own).Median)];

        bool IsHopeless(List<double> own) =>
            own.Count > 0 && own.Min() > HopelessFactor * first.Concat(times.SelectMany(other => other)).Min();

        double Seconds(Action action)
        {
            cancellation.ThrowIfCancellationRequested();
            var start = clock.GetTimestamp();
            action();
            return clock.GetElapsedTime(start).TotalSeconds;
        }
    }

    private sealed record Kept(ComputeRates Rates, DateTimeOffset Measured);
}
