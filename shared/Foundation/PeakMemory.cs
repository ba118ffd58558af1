using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Replication;

/// <summary>The most memory this process has held.</summary>
public static class PeakMemory
{
    private const string LinuxStatus = "/proc/self/status", LinuxReset = "/proc/self/clear_refs";

    // "5" sets the peak to what is held now (proc(5)).
    private const string ResetPeak = "5";

    /// <summary>Peak resident bytes of the process's life, or since the last reset, GPU memory not included.</summary>
    public static long Bytes()
    {
        if (OperatingSystem.IsLinux() && FromStatus() is { } bytes)
            return bytes;
        using var process = Process.GetCurrentProcess();
        // macOS reports no peak; what is held now is then the nearest truth.
        return Math.Max(process.PeakWorkingSet64, process.WorkingSet64);
    }

    /// <summary>
    /// Forgets the peak so far, so that <see cref="Bytes"/> speaks of what comes: memory that is free goes back to the system, and the
    /// system counts anew.
    /// </summary>
    /// <returns>Whether the system can; Linux can.</returns>
    public static bool TryReset()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        if (!OperatingSystem.IsLinux())
            return false;
        try
        {
            TrimHeap(0);
            File.WriteAllText(LinuxReset, ResetPeak);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    // glibc: gives free pages back.
    [DllImport("libc", EntryPoint = "malloc_trim")]
    private static extern int TrimHeap(nuint pad);

    // "VmHWM:    123456 kB"
    private static long? FromStatus()
    {
        try
        {
            var line = File.ReadLines(LinuxStatus).FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            var kibibytes = line?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(1);
            return long.TryParse(kibibytes, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value * 1024 : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
