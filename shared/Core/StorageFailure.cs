namespace Replication;

/// <summary>Tells failures of the disk apart, which .NET reports as one kind of exception.</summary>
internal static class StorageFailure
{
    private const int UnixNoSpace = 28, UnixReadOnly = 30, LinuxQuota = 122, MacQuota = 69;
    private const int UnixWouldBlockLinux = 11, UnixWouldBlockMac = 35;
    private const int WindowsDiskFull = unchecked((int)0x80070070), WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsSharing = unchecked((int)0x80070020), WindowsLock = unchecked((int)0x80070021);

    /// <summary>Whether the disk or the quota is full, be it the cause of the cause.</summary>
    public static bool IsDiskFull(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is IOException && (e.HResult is UnixNoSpace or WindowsDiskFull or WindowsHandleDiskFull
                || (OperatingSystem.IsLinux() && e.HResult == LinuxQuota) || (OperatingSystem.IsMacOS() && e.HResult == MacQuota)))
                return true;
        }
        return false;
    }

    /// <summary>Whether the place cannot be written to by this user, or by anybody.</summary>
    public static bool IsReadOnly(Exception? e) => e is UnauthorizedAccessException or IOException { HResult: UnixReadOnly };

    /// <summary>Whether a file could not be opened because another process holds it.</summary>
    public static bool IsHeldElsewhere(IOException e) =>
        e.HResult is UnixWouldBlockLinux or UnixWouldBlockMac or WindowsSharing or WindowsLock;

    /// <summary>Runs an action on the disk; turns its failure into one sentence.</summary>
    /// <param name="what">Such as "Cannot write the run folder".</param>
    /// <param name="path">Where.</param>
    /// <param name="action">What to do.</param>
    /// <exception cref="ReplicationException">The disk is full, or the path cannot be read or written.</exception>
    public static T Explain<T>(string what, string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Of(what, path, e);
        }
    }

    /// <summary>The sentence for a failure of the disk.</summary>
    /// <param name="what">Such as "Cannot write the run folder".</param>
    /// <param name="path">Where.</param>
    /// <param name="cause">The failure.</param>
    public static ReplicationException Of(string what, string path, Exception cause) => new(
        $"{what} {path}: {cause.Message.TrimEnd('.')}; check the disk's space and the folder's permissions, then run the same command "
        + $"again.", inner: cause);
}
