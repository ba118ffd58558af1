using System.Threading.Channels;

namespace Replication.CommandLine;

/// <summary>Lines in batches of those that are there: a typed line is answered at once, a piped file many lines at a time.</summary>
internal static class LineBatches
{
    /// <summary>Most lines of a batch: enough to sort by length, few enough that results come soon.</summary>
    internal const int LinesAtOnce = 256;

    /// <summary>Reads until the end, or until <paramref name="cancellation"/>, even while the reader waits.</summary>
    /// <param name="read">Gives the next line, waits for it, or gives null at the end; a read that waits cannot be called back.</param>
    /// <param name="full">Whether batches are filled up, so that they depend on no timing: right for what never waits, such as a
    /// file.</param>
    /// <param name="cancellation">Ends the wait for a line.</param>
    public static IEnumerable<IReadOnlyList<string>> Of(Func<string?> read, bool full, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var lines = Channel.CreateBounded<string>(LinesAtOnce);
        var token = ended.Token;
        // A thread of its own, in the background: it may wait for a line when the program ends.
        _ = Task.Factory.StartNew(() => Read(read, lines.Writer, token), token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            while (Wait(lines.Reader, cancellation))
            {
                var batch = new List<string>();
                while (batch.Count < LinesAtOnce
                    && (lines.Reader.TryRead(out var line) || (full && Wait(lines.Reader, cancellation) && lines.Reader.TryRead(out line))))
                    batch.Add(line);
                yield return batch;
            }
        }
        finally
        {
            ended.Cancel();
        }
    }

    // Blocks, since what libtorch knows of threads and scopes belongs to the thread that the caller is on.
    private static bool Wait(ChannelReader<string> lines, CancellationToken cancellation) =>
        lines.WaitToReadAsync(cancellation).AsTask().GetAwaiter().GetResult();

    private static void Read(Func<string?> read, ChannelWriter<string> lines, CancellationToken ended)
    {
        try
        {
            while (read() is { } line)
                lines.WriteAsync(line, ended).AsTask().GetAwaiter().GetResult();
            lines.Complete();
        }
        catch (Exception e)
        {
            // The one that takes the lines throws it.
            lines.TryComplete(e);
        }
    }
}
