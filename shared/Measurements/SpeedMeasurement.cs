using System.Globalization;
using Replication.Bert;
using TorchSharp;
using static TorchSharp.torch;

namespace Replication.Measurements;

/// <summary>
/// Times models side by side: after warm-up passes come rounds of one pass each (A B C, A B C, ...), so that what slows the
/// machine for a while slows all of them, and a ratio within a round holds even where the seconds do not.
/// </summary>
public static class SpeedMeasurement
{
    /// <summary>Times forward passes of classifiers with random weights on random tokens, dropout and gradients off.</summary>
    /// <param name="subjects">The models; all are in memory at once.</param>
    /// <param name="protocol">Batch, length, warm-up and rounds.</param>
    /// <param name="device">Where they run.</param>
    /// <param name="clock">Gives the timestamps.</param>
    /// <param name="progress">Called with passes done and in all, warm-up included; may be null.</param>
    /// <param name="cancellation">Stops between passes.</param>
    /// <exception cref="ReplicationException">A value of the protocol is out of its range, or a model is too short for the
    /// length.</exception>
    public static SpeedReport OfForwardPasses(
        IReadOnlyList<SpeedSubject> subjects,
        SpeedProtocol protocol,
        Device device,
        TimeProvider clock,
        Action<int, int>? progress,
        CancellationToken cancellation)
    {
        protocol.Validate();
        foreach (var subject in subjects.Where(s => s.Config.MaxPositionEmbeddings < protocol.Length))
            throw new ReplicationException(string.Create(
                CultureInfo.InvariantCulture,
                $"Speed measurement: {subject.Name} takes at most {subject.Config.MaxPositionEmbeddings} tokens; the length is "
                    + $"{protocol.Length}."));
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var tokens = RandomTokens(subjects.Min(s => s.Config.VocabSize), protocol, device);
        var models = subjects.Select(s => Model(s.Config, protocol.Precision, device)).ToArray();
        try
        {
            return Interleave(
                [.. subjects.Zip(models, (s, model) => (s.Name, (Action)(() => Pass(model, tokens))))],
                protocol.WarmupPasses, protocol.Rounds, clock, progress, cancellation);
        }
        finally
        {
            foreach (var model in models)
                model.Dispose();
        }
    }

    /// <summary>Times any passes in the same way.</summary>
    /// <param name="passes">What is timed, by name.</param>
    /// <param name="warmupPasses">Passes of each before the clock counts.</param>
    /// <param name="rounds">Timed rounds.</param>
    /// <param name="clock">Gives the timestamps.</param>
    /// <param name="progress">Called with passes done and in all, warm-up included; may be null.</param>
    /// <param name="cancellation">Stops between passes.</param>
    public static SpeedReport Interleave(
        IReadOnlyList<(string Name, Action Pass)> passes,
        int warmupPasses,
        int rounds,
        TimeProvider clock,
        Action<int, int>? progress,
        CancellationToken cancellation)
    {
        var seconds = passes.ToDictionary(p => p.Name, _ => new List<double>(), StringComparer.Ordinal);
        var total = (warmupPasses + rounds) * passes.Count;
        using var pause = new CollectorPause();
        var done = 0;
        for (var round = -warmupPasses; round < rounds; round++)
        {
            foreach (var (name, pass) in passes)
            {
                cancellation.ThrowIfCancellationRequested();
                pause.Renew();
                var start = clock.GetTimestamp();
                pass();
                if (round >= 0)
                    seconds[name].Add(clock.GetElapsedTime(start).TotalSeconds);
                progress?.Invoke(++done, total);
            }
        }
        return new SpeedReport(seconds.ToDictionary(s => s.Key, s => (IReadOnlyList<double>)s.Value, StringComparer.Ordinal));
    }

    private static BertForSequenceClassification Model(BertConfig config, Precision precision, Device device)
    {
        var model = new BertForSequenceClassification(config, outputs: 2, seed: 0) { Precision = precision };
        model.to(device);
        model.eval();
        return model;
    }

    internal static void Pass(BertForSequenceClassification model, TokenBatch tokens)
    {
        using var scope = NewDisposeScope();
        // A GPU computes behind the caller's back; fetching the result waits for it.
        model.forward(tokens, EncoderOutputs.None).Logits.cpu();
    }

    /// <summary>A batch of random tokens without padding, the same each time.</summary>
    /// <param name="vocabulary">Ids are below it.</param>
    /// <param name="protocol">Rows and length.</param>
    /// <param name="device">Its device.</param>
    public static TokenBatch RandomTokens(int vocabulary, SpeedProtocol protocol, Device device)
    {
        var random = new RandomStream(0, "speed");
        long[] shape = [protocol.BatchSize, protocol.Length];
        var ids = Enumerable.Range(0, protocol.BatchSize * protocol.Length).Select(_ => (long)random.NextInt32(vocabulary)).ToArray();
        return new TokenBatch(
            tensor(ids, shape, device: device),
            zeros(shape, ScalarType.Int64, device),
            ones(shape, ScalarType.Int64, device));
    }
}
