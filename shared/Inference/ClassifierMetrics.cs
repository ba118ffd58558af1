using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Replication.Inference;

/// <summary>What a classifier reports through System.Diagnostics.Metrics.</summary>
internal sealed class ClassifierMetrics : IDisposable
{
    private readonly Meter? _own;
    private readonly Counter<long> _texts;
    private readonly Counter<long> _tokens;
    private readonly Histogram<double> _seconds;
    private readonly Histogram<int> _batch;

    /// <summary>Creates the instruments.</summary>
    /// <param name="factory">The host's; null for a meter of this object's own.</param>
    public ClassifierMetrics(IMeterFactory? factory)
    {
        var meter = factory?.Create(BertClassifier.MeterName) ?? (_own = new Meter(BertClassifier.MeterName));
        _texts = meter.CreateCounter<long>("replication.inference.texts", "{text}", "Texts that were labelled.");
        _tokens = meter.CreateCounter<long>("replication.inference.tokens", "{token}", "Their tokens, padding not counted.");
        _seconds = meter.CreateHistogram<double>("replication.inference.batch.duration", "s", "Time of a batch in ONNX Runtime.");
        _batch = meter.CreateHistogram<int>("replication.inference.batch.size", "{text}", "Texts of a batch.");
    }

    /// <summary>Reports a batch.</summary>
    /// <param name="texts">Its texts.</param>
    /// <param name="tokens">Their tokens.</param>
    /// <param name="start">Stopwatch's timestamp before the run.</param>
    public void Report(int texts, int tokens, long start)
    {
        _texts.Add(texts);
        _tokens.Add(tokens);
        _batch.Record(texts);
        if (_seconds.Enabled)
            _seconds.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <inheritdoc/>
    public void Dispose() => _own?.Dispose();
}
