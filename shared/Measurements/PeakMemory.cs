using System.Diagnostics;
using System.Globalization;

namespace Replication.Measurements;

/// <summary>The most memory this process has held so far.</summary>
public static class PeakMemory
{
    private const string LinuxStatus = "/proc/self/status";

    /// <summary>Peak resident bytes of the process's whole life, GPU memory not included.</summary>
    public static long Bytes()
    {
        if (OperatingSystem.IsLinux() && FromStatus() is { } bytes)
            return bytes;
        using var process = Process.GetCurrentProcess();
        // macOS reports no peak; what is held now is then the nearest truth.
        return Math.Max(process.PeakWorkingSet64, process.WorkingSet64);
    }

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
