namespace Replication.Tools.Equality;

/// <summary>
/// What else a busy machine does: threads that compute, so that libtorch's are descheduled in the middle of an operation, and one that
/// collects garbage.
/// </summary>
internal sealed class OtherWork : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Thread[] _threads;

    /// <summary>Begins.</summary>
    /// <param name="computing">Threads that compute.</param>
    /// <param name="collects">Whether garbage is collected all the time.</param>
    public OtherWork(int computing, bool collects)
    {
        _threads = [.. Enumerable.Repeat(Compute, computing)
            .Concat(collects ? [Collect] : Array.Empty<Action>()).Select(action => new Thread(() => action()) { IsBackground = true })];
        foreach (var thread in _threads)
            thread.Start();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        foreach (var thread in _threads)
            thread.Join();
        _end.Dispose();
    }

    // Memory is touched too, so that caches are not left to libtorch alone; a rest now and then makes the scheduler move threads.
    private void Compute()
    {
        var numbers = new double[1 << 16];
        for (var round = 1; !_end.IsCancellationRequested; round++)
        {
            for (var i = 0; i < numbers.Length; i++)
                numbers[i] = (numbers[i] * 0.5) + round;
            if (round % 64 == 0)
                Thread.Sleep(round % 3);
        }
    }

    private void Collect()
    {
        for (var round = 0; !_end.IsCancellationRequested; round++)
        {
            GC.Collect(round % 8 == 0 ? GC.MaxGeneration : round % 2, GCCollectionMode.Forced, blocking: true);
            GC.WaitForPendingFinalizers();
            Thread.Sleep(1);
        }
    }
}
