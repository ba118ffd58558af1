using System.Formats.Tar;

namespace Replication;

/// <summary>What is at a path, where it is more than a file or a folder of that name.</summary>
internal static class FileSystemPlace
{
    /// <summary>Where a symbolic link leads in the end, whether or not something is there; the path itself where it is none.</summary>
    /// <exception cref="ReplicationException">The links lead in a circle, or one cannot be read.</exception>
    public static string FinalTarget(string path)
    {
        var full = Path.GetFullPath(path);
        try
        {
            FileSystemInfo place = Directory.Exists(full) ? new DirectoryInfo(full) : new FileInfo(full);
            return place.LinkTarget is null
                ? full
                : Path.TrimEndingDirectorySeparator(place.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? full);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReplicationException($"Cannot follow the link {full}: {e.Message.TrimEnd('.')}.", inner: e);
        }
    }

    /// <summary>Whether another file system begins at a file or folder, so that it cannot be renamed.</summary>
    /// <param name="path">A full path that is not a link.</param>
    public static bool IsMountPoint(string path)
    {
        try
        {
            return DriveInfo.GetDrives()
                .Any(drive => string.Equals(
                Path.TrimEndingDirectorySeparator(drive.Name), Path.TrimEndingDirectorySeparator(path), StringComparison.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Where the system does not tell, the writing will.
            return false;
        }
    }

    /// <summary>Whether something other than a file or a folder is there, such as /dev/null or a named pipe.</summary>
    /// <param name="path">A path that is not a link.</param>
    public static bool IsDevice(string path)
    {
        // Devices and pipes have no length, so a file that holds something need not be looked at.
        if (OperatingSystem.IsWindows() || new FileInfo(path) is not { Exists: true, Length: 0 })
            return false;
        // .NET tells them from empty files nowhere but where it archives them; only a file is opened for that.
        using var archive = new MemoryStream();
        try
        {
            using var writer = new TarWriter(archive, leaveOpen: true);
            writer.WriteEntry(path, "entry");
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        archive.Position = 0;
        using var reader = new TarReader(archive);
        return reader.GetNextEntry()?.EntryType is TarEntryType.CharacterDevice or TarEntryType.BlockDevice or TarEntryType.Fifo;
    }
}
