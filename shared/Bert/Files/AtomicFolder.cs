namespace Replication.Bert;

/// <summary>Writes a folder so that a reader sees the old content or the new one, never a part of it.</summary>
internal static class AtomicFolder
{
    /// <summary>Lets <paramref name="write"/> fill a new folder beside <paramref name="folder"/>, then renames it.</summary>
    /// <exception cref="ReplicationException">The disk is full, or the place cannot be written to.</exception>
    public static void Write(string folder, Action<string> write)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var temporary = full + ".partial";
        var previous = full + ".previous";
        try
        {
            Delete(temporary);
            Delete(previous);
            Directory.CreateDirectory(temporary);
            write(temporary);
            if (Directory.Exists(full))
                Directory.Move(full, previous);
            Directory.Move(temporary, full);
            Delete(previous);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryDelete(temporary);
            throw new ReplicationException($"Cannot write {full}: {e.Message.TrimEnd('.')}.", inner: e);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one worth reporting.
        }
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
