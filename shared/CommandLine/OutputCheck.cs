namespace Replication.CommandLine;

/// <summary>Tries, before hours of work, whether its result can be written where the user wants it.</summary>
internal static class OutputCheck
{
    /// <summary>Makes the folder that the file goes into and tries to write there.</summary>
    /// <param name="option">The option that names the place, such as --predictions.</param>
    /// <param name="path">The file; it need not exist.</param>
    /// <exception cref="ReplicationException">A folder is there, or nothing can be written there.</exception>
    public static void File(string option, string path) => Named(option, path, () =>
    {
        if (Path.EndsInDirectorySeparator(path) || Directory.Exists(path))
            throw new ReplicationException($"{option} is '{path}', which is a folder; name a file.", ReplicationException.UsageError);
        var target = FileSystemPlace.FinalTarget(path);
        // Nothing is made beside a device, and one that waits for a reader cannot be tried.
        if (FileSystemPlace.IsDevice(target))
            return;
        RefuseMountPoint(option, path, target);
        TryBeside(target);
    });

    /// <summary>Makes the folder that the new folder goes into and tries to write there.</summary>
    /// <param name="option">The option that names the place, such as --output.</param>
    /// <param name="folder">The folder; it need not exist.</param>
    /// <exception cref="ReplicationException">A file is there, or nothing can be written there.</exception>
    public static void Folder(string option, string folder) => Named(option, folder, () =>
    {
        var target = FileSystemPlace.FinalTarget(folder);
        if (System.IO.File.Exists(target))
            throw new ReplicationException($"{option} is {folder}, which is a file; name a folder.", ReplicationException.UsageError);
        RefuseMountPoint(option, folder, target);
        TryBeside(target);
    });

    // What is written takes its place by a change of names, which the system allows for no place where another disk begins.
    private static void RefuseMountPoint(string option, string path, string target)
    {
        if (FileSystemPlace.IsMountPoint(target))
            throw new ReplicationException(
                $"{option} is '{path}', where another disk or a container's volume begins, so that it cannot be replaced; name a place "
                + $"inside it.");
    }

    // What is written is beside its target until it is whole; so is this.
    private static void TryBeside(string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target) ?? target);
        var tried = AtomicFile.TemporaryName(target);
        System.IO.File.WriteAllBytes(tried, []);
        System.IO.File.Delete(tried);
    }

    private static void Named(string option, string path, Action check)
    {
        try
        {
            check();
        }
        // A refusal without a cause says all of it.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException
            or ReplicationException { ExitCode: not ReplicationException.UsageError, InnerException: not null })
        {
            throw new ReplicationException(
                $"{option} is '{path}', where nothing can be written: {e.Message.TrimEnd('.')}.", ReplicationException.UsageError, e);
        }
    }
}
