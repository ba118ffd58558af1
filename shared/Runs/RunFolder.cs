namespace Replication.Runs;

/// <summary>
/// A run's folder while the run lasts: metrics.jsonl, a checkpoint, files to keep. Held by one process at a time.
/// Names that begin with a dot are the suite's own and no part of the finished run.
/// </summary>
public sealed class RunFolder : IDisposable
{
    private const string CheckpointsName = ".checkpoints";

    // Unfinished runs of earlier versions have the file under this name.
    private const string StopwatchName = ".sittings.json";

    private FolderLock? _lock;

    private RunFolder()
    {
    }

    /// <summary>Its path.</summary>
    public required string Path { get; init; }

    /// <summary>metrics.jsonl.</summary>
    public MetricsWriter Metrics { get; private init; } = null!;

    /// <summary>Where the run resumes after a stop.</summary>
    public CheckpointStore Checkpoints { get; private init; } = null!;

    /// <summary>How long the run has computed.</summary>
    internal RunStopwatch Stopwatch { get; private init; } = null!;

    /// <summary>Takes a folder for this process, waiting while another holds it.</summary>
    /// <param name="path">The folder; made if it is not there.</param>
    /// <param name="label">How messages name the run.</param>
    /// <param name="processor">The kind of processor that computes.</param>
    /// <param name="waitFor">Longest wait; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="note">Called once, before the wait, with who holds the folder, and for checkpoints that cannot be used.</param>
    /// <param name="clock">Measures the wait and the run.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ReplicationException">Another process held it for longer than that (says which), or it cannot be written
    /// to.</exception>
    public static RunFolder Acquire(
        string path, string label, string processor, TimeSpan waitFor, Action<string>? note, TimeProvider clock,
        CancellationToken cancellation = default)
    {
        var held = FolderLock.Acquire(path, label, waitFor, note, clock, cancellation);
        try
        {
            AtomicFile.DiscardLeftovers(path);
            var metrics = new MetricsWriter(
                System.IO.Path.Combine(path, MetricsWriter.FileName),
                new EventFile(System.IO.Path.Combine(path, EventFile.FileName), clock));
            var stopwatch = new RunStopwatch(System.IO.Path.Combine(path, StopwatchName), processor, clock);
            var checkpoints = new CheckpointStore(System.IO.Path.Combine(path, CheckpointsName), () =>
            {
                metrics.Flush();
                stopwatch.Note();
            }, note);
            return new RunFolder { Path = path, _lock = held, Metrics = metrics, Stopwatch = stopwatch, Checkpoints = checkpoints };
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Whether a process holds a folder at this moment.</summary>
    internal static bool IsHeld(string path) => FolderLock.IsHeld(path);

    /// <summary>A file to keep.</summary>
    public string FilePath(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Deletes what only an unfinished run needs; after the manifest is written.</summary>
    internal void DiscardUnfinished()
    {
        Checkpoints.DeleteAll();
        Stopwatch.Delete();
    }

    /// <summary>Does so for a finished folder whose process was killed before it did.</summary>
    internal static void DiscardLeftovers(string finishedFolder)
    {
        try
        {
            File.Delete(System.IO.Path.Combine(finishedFolder, StopwatchName));
            if (System.IO.Path.Combine(finishedFolder, CheckpointsName) is var checkpoints && Directory.Exists(checkpoints))
                Directory.Delete(checkpoints, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Read-only, or in use by another process: what is left takes up space and does no harm.
        }
    }

    /// <summary>Releases the folder.</summary>
    public void Dispose()
    {
        Metrics.Dispose();
        _lock?.Dispose();
        _lock = null;
    }
}
