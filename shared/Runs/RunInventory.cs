namespace Replication.Runs;

/// <summary>How far a run in the runs folder has come.</summary>
public enum RunState
{
    /// <summary>Done; its folder is never changed.</summary>
    Finished,

    /// <summary>A process computes it at this moment.</summary>
    Running,

    /// <summary>Stopped before its end; the command that began it resumes it.</summary>
    Stopped,

    /// <summary>Its manifest or result cannot be read.</summary>
    Damaged,
}

/// <summary>A folder in the runs folder.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Label">The run as people name it; the folder's name where it is not finished.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Bytes">What it takes on the disk.</param>
/// <param name="Changed">When anything in it was last written.</param>
public sealed record StoredRun(string Path, string Label, RunState State, long Bytes, DateTimeOffset Changed);

/// <summary>What is in a workspace's runs folder, whichever version of the source, data or machine it came from.</summary>
public static class RunInventory
{
    // A folder that is being deleted; names that begin with a dot are the suite's own.
    private const string Deleted = ".deleted-";

    /// <summary>Every run, by the name of its folder; none where the folder is not there.</summary>
    public static IReadOnlyList<StoredRun> Of(string runsFolder) => Directory.Exists(runsFolder)
        ? [.. Directory.GetDirectories(runsFolder)
            .Where(folder => !System.IO.Path.GetFileName(folder).StartsWith('.')).Order(StringComparer.Ordinal).Select(Read)]
        : [];

    /// <summary>Bytes of all files below a folder; 0 where it is not there.</summary>
    public static long Bytes(string folder) => Files(folder).Sum(file => file.Length);

    /// <summary>Deletes a run's folder.</summary>
    /// <returns>Whether it is gone; a run that a process computes stays.</returns>
    /// <exception cref="ReplicationException">It cannot be deleted.</exception>
    public static bool Delete(StoredRun run) => StorageFailure.Explain("Cannot delete", run.Path, () =>
    {
        if (RunFolder.IsHeld(run.Path))
            return false;
        // Renamed in one step, so that a stop never leaves half a run under its name.
        var doomed = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(run.Path)!, Deleted + System.IO.Path.GetFileName(run.Path));
        DeleteFolder(doomed);
        Directory.Move(run.Path, doomed);
        DeleteFolder(doomed);
        return true;
    });

    /// <summary>Deletes what an earlier deletion that was stopped has left.</summary>
    public static void DeleteLeftovers(string runsFolder) => StorageFailure.Explain("Cannot delete from", runsFolder, () =>
    {
        foreach (var folder in Directory.Exists(runsFolder) ? Directory.GetDirectories(runsFolder, Deleted + "*") : [])
            DeleteFolder(folder);
        return true;
    });

    private static void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private static StoredRun Read(string folder)
    {
        var (label, state) = State(folder);
        var files = Files(folder);
        var changed = files.Select(file => file.LastWriteTimeUtc).DefaultIfEmpty(Directory.GetLastWriteTimeUtc(folder)).Max();
        return new StoredRun(folder, label, state, files.Sum(file => file.Length), new DateTimeOffset(changed, TimeSpan.Zero));
    }

    private static (string Label, RunState State) State(string folder)
    {
        var name = System.IO.Path.GetFileName(folder);
        if (!File.Exists(System.IO.Path.Combine(folder, RunStore.ManifestName)))
            return (name, RunFolder.IsHeld(folder) ? RunState.Running : RunState.Stopped);
        try
        {
            return (RunStore.Open(folder).Manifest.Label, RunState.Finished);
        }
        catch (ReplicationException)
        {
            return (name, RunState.Damaged);
        }
    }

    // Links are not followed: what they lead to is not part of the run.
    private static FileInfo[] Files(string folder) => Directory.Exists(folder)
        ? new DirectoryInfo(folder)
            .GetFiles("*", new EnumerationOptions {
            RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true })
        : [];
}
