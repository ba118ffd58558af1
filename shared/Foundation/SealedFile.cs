namespace Replication;

/// <summary>
/// A file that can be made again, such as a teacher's outputs, with its sha256 beside it in "name.sha256": one that is not whole, or not
/// as it was written, is told from a sound one before anything is read from it.
/// </summary>
internal static class SealedFile
{
    private const string Ending = ".sha256";

    /// <summary>Writes the file, then its seal.</summary>
    /// <inheritdoc cref="AtomicFile.Write" path="/exception"/>
    public static void Write(string path, Action<Stream> write)
    {
        // An old seal does not fit the new file; without one a file counts as unfinished.
        File.Delete(path + Ending);
        AtomicFile.Write(path, write);
        AtomicFile.WriteText(path + Ending, Digest.OfFile(path) + "\n");
    }

    /// <summary>Whether the file is there; a damaged one is not. The file is read whole, once a process.</summary>
    /// <param name="path">The file.</param>
    /// <param name="digests">Knows what was read before.</param>
    /// <param name="isDamaged">Whether it is there and is not what was written.</param>
    public static bool IsSound(string path, FileDigests digests, out bool isDamaged)
    {
        isDamaged = false;
        if (!File.Exists(path) || !File.Exists(path + Ending))
            return false;
        var isSound = StorageFailure.Explain("Cannot read", path, () => File.ReadAllText(path + Ending).Trim() == digests.Of(path));
        isDamaged = !isSound;
        return isSound;
    }
}
