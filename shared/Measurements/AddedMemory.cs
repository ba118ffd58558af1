namespace Replication.Measurements;

/// <summary>
/// What something adds to the memory of the process. The process is looked at every millisecond, from another thread: its own
/// peak cannot be set back everywhere, and would then be missing for <see cref="PeakMemory"/>.
/// </summary>
public static class AddedMemory
{
    /// <summary>The most resident bytes while something runs, beyond those before it; GPU memory not included.</summary>
    public static long During(Action action)
    {
        var before = Environment.WorkingSet;
        var most = before;
        using var done = new ManualResetEventSlim();
        var watcher = new Thread(() =>
        {
            do
                most = Math.Max(most, Environment.WorkingSet);
            while (!done.Wait(1));
        }) { IsBackground = true };
        watcher.Start();
        try
        {
            action();
        }
        finally
        {
            done.Set();
            watcher.Join();
        }
        return most - before;
    }
}
