using System.Globalization;
using System.Runtime.InteropServices;

namespace Replication.Runs;

/// <summary>The machine, in words for people.</summary>
public static class Machine
{
    /// <summary>Processor, logical cores, memory and operating system, such as "Intel Xeon, 2 cores, 24 GiB, Debian GNU/Linux 12".</summary>
    public static string Describe()
    {
        var gibibytes = Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30));
        return string.Create(CultureInfo.InvariantCulture, $"{Processor()}, {Environment.ProcessorCount} cores, {gibibytes} GiB, {RuntimeInformation.OSDescription}");
    }

    private static string Processor()
    {
        const string File = "/proc/cpuinfo";
        var line = OperatingSystem.IsLinux() && System.IO.File.Exists(File)
            ? System.IO.File.ReadLines(File).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':', 2)[1].Trim()
            ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
