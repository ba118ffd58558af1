using System.Runtime.InteropServices;

namespace Replication.CommandLine;

/// <summary>The three descriptors that a program is started with. On Windows, which has none, all are taken to be sound.</summary>
internal static partial class StandardDescriptors
{
    public const int Input = 0, Output = 1, Error = 2;

    // The same on Linux and macOS.
    private const int GetFlags = 1, CloseOnExec = 1, Interrupted = 4, NobodyReads = 8 | 16;

    /// <summary>
    /// Whether the program was started without one. Its number then belongs to the first thing that the runtime opened, such as a pipe of
    /// its own that never gives anything, and never ends; what the runtime opens is closed to other programs, and what a program was
    /// started with is not.
    /// </summary>
    public static bool IsClosed(int descriptor) =>
        !OperatingSystem.IsWindows() && Control(descriptor, GetFlags) is var flags && (flags < 0 || (flags & CloseOnExec) != 0);

    /// <summary>Writes nothing to a descriptor; a device that is full refuses that too.</summary>
    /// <exception cref="IOException">It cannot be written, or is a file on a full disk.</exception>
    public static void TryWrite(int descriptor)
    {
        if (OperatingSystem.IsWindows())
            return;
        if (Write(descriptor, 0, 0) < 0 && Marshal.GetLastPInvokeError() is not Interrupted and var error)
            throw new IOException(Marshal.GetPInvokeErrorMessage(error));
        if (OperatingSystem.IsLinux() && FileOnFullDisk($"/proc/self/fd/{descriptor}") is { } file)
            throw new IOException($"the disk of {file} is full");
    }

    /// <summary>
    /// Whether what is written can still be read. The runtime's own streams say nothing where a pipe's reader has gone, as "head" goes
    /// after its lines.
    /// </summary>
    public static bool HasReader(int descriptor)
    {
        if (OperatingSystem.IsWindows())
            return true;
        var polled = new Polled { Descriptor = descriptor };
        return Poll(ref polled, 1, 0) <= 0 || (polled.Found & NobodyReads) == 0;
    }

    /// <summary>Whether a disk is full; one without a size, as the system's own have none, is not.</summary>
    internal static bool IsFull(long size, long free) => size > 0 && free <= 0;

    // The file that a link of the system's leads to, if it is one and its disk is full.
    private static string? FileOnFullDisk(string link)
    {
        try
        {
            if (File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName is not { } path || !File.Exists(path)
                || FileSystemPlace.IsDevice(path))
                return null;
            var disk = new DriveInfo(path);
            // A part of some disks is kept for root.
            return IsFull(disk.TotalSize, Environment.IsPrivilegedProcess ? disk.TotalFreeSpace : disk.AvailableFreeSpace) ? path : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Where the system does not tell, the writing will.
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, nint bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref Polled descriptors, nuint count, int milliseconds);

    // Errors are told without being asked for.
    private struct Polled
    {
        public int Descriptor;
        public short Asked;
        public short Found;
    }
}
