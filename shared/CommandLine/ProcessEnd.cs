using System.Runtime.InteropServices;

namespace Replication.CommandLine;

/// <summary>Ends the process without waiting for work in other threads.</summary>
internal static partial class ProcessEnd
{
    /// <summary>Ends it at once; what files hold is kept, since they are written whole or not at all.</summary>
    public static void Now(int exitCode)
    {
        // An orderly exit tears libtorch down beneath the thread that computes in it.
        if (!OperatingSystem.IsWindows())
            Exit(exitCode);
        Environment.Exit(exitCode);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int status);
}
