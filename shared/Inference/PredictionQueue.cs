using System.Threading.Channels;

namespace Replication.Inference;

/// <summary>
/// Labels the texts of many callers in batches: while one batch is computed the next one gathers, so that a lone caller waits
/// for nobody. May be called by several threads at once; the classifier's own threads do the work of one batch at a time.
/// </summary>
public sealed class PredictionQueue : IAsyncDisposable
{
    private readonly ITextClassifier _classifier;
    private readonly PredictionQueueOptions _options;
    private readonly Channel<Waiting> _channel;
    private readonly Task _worker;

    /// <summary>Starts the queue.</summary>
    /// <param name="classifier">What labels the texts; it is not disposed of with the queue.</param>
    /// <param name="options">How texts are gathered; null for the defaults.</param>
    /// <exception cref="ReplicationException">An option is out of its range.</exception>
    public PredictionQueue(ITextClassifier classifier, PredictionQueueOptions? options = null)
    {
        _classifier = classifier;
        _options = options ?? new PredictionQueueOptions();
        _options.Validate();
        _channel = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(_options.Capacity) { SingleReader = true });
        _worker = Task.Run(WorkAsync);
    }

    /// <summary>Texts that wait.</summary>
    public int Count => _channel.Reader.Count;

    /// <summary>Labels a text as part of a batch.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellation">Cancels it; the rest of the batch continues.</param>
    /// <exception cref="QueueFullException">Too many texts wait.</exception>
    /// <exception cref="ReplicationException">The text is too long, or the model's outputs are not numbers.</exception>
    /// <exception cref="ObjectDisposedException">The queue has ended.</exception>
    public async Task<Prediction> PredictAsync(TextInput text, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var waiting =
            new Waiting(text, new TaskCompletionSource<Prediction>(TaskCreationOptions.RunContinuationsAsynchronously), cancellation);
        if (!_channel.Writer.TryWrite(waiting))
        {
            ObjectDisposedException.ThrowIf(_channel.Reader.Completion.IsCompleted || _worker.IsCompleted, this);
            throw new QueueFullException(_options.Capacity);
        }
        using var registration =
            cancellation.UnsafeRegister(static (state, token) => ((Waiting)state!).Answer.TrySetCanceled(token), waiting);
        return await waiting.Answer.Task.ConfigureAwait(false);
    }

    /// <summary>Answers what waits, and takes no more.</summary>
    public async ValueTask DisposeAsync()
    {
        _channel.Writer.TryComplete();
        await _worker.ConfigureAwait(false);
    }

    private async Task WorkAsync()
    {
        var batch = new List<Waiting>(_options.BatchSize);
        while (await _channel.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            batch.Clear();
            while (batch.Count < _options.BatchSize && _channel.Reader.TryRead(out var next))
                if (!next.Cancellation.IsCancellationRequested)
                    batch.Add(next);
            Answer(batch);
        }
    }

    private void Answer(List<Waiting> batch)
    {
        try
        {
            var predictions = _classifier.PredictBatch([.. batch.Select(waiting => waiting.Text)]);
            for (var i = 0; i < batch.Count; i++)
                batch[i].Answer.TrySetResult(predictions[i]);
        }
        catch (Exception e) when (batch.Count == 1)
        {
            batch[0].Answer.TrySetException(e);
        }
        catch (Exception)
        {
            // One text must not spoil the others' answers.
            foreach (var waiting in batch)
                Answer([waiting]);
        }
    }

    private sealed record Waiting(TextInput Text, TaskCompletionSource<Prediction> Answer, CancellationToken Cancellation);
}
