using System.Globalization;

namespace Replication;

/// <summary>
/// Holds a folder for this process by an exclusive lock on a file in it. The operating system lets go of the lock when the
/// process ends, however it ends, so no stale lock can block work. The file itself stays: deleting it would
/// let two processes hold two files of one name.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private const string LockName = ".lock", OwnerName = ".owner.json";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly FileStream _stream;
    private readonly string _owner;

    private FolderLock(FileStream stream, string owner) => (_stream, _owner) = (stream, owner);

    /// <summary>Waits for the lock.</summary>
    /// <param name="folder">The folder; made if it is not there.</param>
    /// <param name="label">How messages name what is held.</param>
    /// <param name="waitFor">Longest wait; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="onWaiting">Called once, before the wait, with who holds the folder.</param>
    /// <param name="clock">Measures the wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ReplicationException">Held by another process for longer than that, or not writable.</exception>
    public static FolderLock Acquire(
        string folder, string label, TimeSpan waitFor, Action<string>? onWaiting, TimeProvider clock, CancellationToken cancellation)
    {
        var start = clock.GetTimestamp();
        var told = false;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (StorageFailure.Explain("Cannot use the folder", folder, () => TryOpen(folder)) is { } stream)
                return new FolderLock(stream, WriteOwner(folder, stream, clock));
            var holder = ReadOwner(folder);
            if (waitFor != Timeout.InfiniteTimeSpan && clock.GetElapsedTime(start) >= waitFor)
                throw new ReplicationException(
                    $"{label} is in use by {holder} in {folder}; wait for it to end or stop it, then run the same command again.");
            if (!told)
                onWaiting?.Invoke($"{label} is in use by {holder}; waiting for it to end");
            told = true;
            Task.Delay(Pause, clock, cancellation).GetAwaiter().GetResult();
        }
    }

    /// <summary>Whether a process holds the folder at this moment; a folder that is not there is not made.</summary>
    public static bool IsHeld(string folder)
    {
        var path = Path.Combine(folder, LockName);
        if (!File.Exists(path))
            return false;
        try
        {
            using var probe = Probe(path);
            return false;
        }
        catch (IOException e) when (StorageFailure.IsHeldElsewhere(e))
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Acquiring it will tell what is wrong.
            return false;
        }
    }

    /// <summary>Lets go.</summary>
    public void Dispose()
    {
        try
        {
            File.Delete(_owner);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It only tells people who held the folder; the lock decides.
        }
        _stream.Dispose();
    }

    // NFS gives an exclusive lock only where a file is open for writing; who may not write still sees the locks of a disk.
    private static FileStream Probe(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException)
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
        }
    }

    private static FileStream? TryOpen(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (StorageFailure.IsHeldElsewhere(e))
        {
            return null;
        }
    }

    private static string WriteOwner(string folder, FileStream stream, TimeProvider clock)
    {
        var path = Path.Combine(folder, OwnerName);
        try
        {
            AtomicFile.WriteText(path, Json.Text(new Owner(Environment.ProcessId, Environment.MachineName, clock.GetUtcNow())));
            return path;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static string ReadOwner(string folder)
    {
        try
        {
            var owner = Json.Read<Owner>(Path.Combine(folder, OwnerName));
            var since = owner.Since.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            return FormattableString.Invariant($"process {owner.Pid} on {owner.Host} since {since} UTC");
        }
        catch (ReplicationException)
        {
            // The holder is between taking the lock and writing its name.
            return "another process";
        }
    }

    private sealed record Owner(int Pid, string Host, DateTimeOffset Since);
}
