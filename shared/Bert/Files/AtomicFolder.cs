namespace Replication.Bert;

/// <summary>Writes a model's folder so that a reader sees the old model or the new one, never a part of one.</summary>
internal static class AtomicFolder
{
    /// <summary>Lets <paramref name="write"/> fill a new folder beside <paramref name="folder"/>, then renames it.</summary>
    /// <remarks>A link to a folder stays, and what it leads to is replaced.</remarks>
    /// <exception cref="ReplicationException">
    /// The disk is full, the place cannot be written to, or it, or a place beside it that is needed meanwhile, holds something else than a
    /// model.
    /// </exception>
    public static void Write(string folder, Action<string> write)
    {
        var full = FileSystemPlace.FinalTarget(Path.TrimEndingDirectorySeparator(folder));
        var temporary = full + AtomicFile.Ending;
        var previous = full + ".previous";
        foreach (var place in (string[])[full, temporary, previous])
        {
            if (ModelFiles.Foreign(place) is { } foreign)
                throw new ReplicationException(
                    $"Cannot write {full}: {foreign} is in the way and no part of a model; move it, or choose another folder.");
        }
        try
        {
            Delete(temporary);
            // Left by a call that was killed between its two renames, it is the only model there is.
            if (!Directory.Exists(full) && Directory.Exists(previous))
                Directory.Move(previous, full);
            Delete(previous);
            Directory.CreateDirectory(temporary);
            write(temporary);
            if (Directory.Exists(full))
                Directory.Move(full, previous);
            MoveOrPutBack(temporary, full, previous);
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

    private static void MoveOrPutBack(string temporary, string full, string previous)
    {
        try
        {
            Directory.Move(temporary, full);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(previous))
                Directory.Move(previous, full);
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
