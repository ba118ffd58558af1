using System.Globalization;
using System.Runtime.InteropServices;

namespace Replication.Runs;

/// <summary>The machine, in words for people.</summary>
public static class Machine
{
    /// <summary>
    /// Processor, logical cores, memory and operating system, such as "Intel Xeon, 2 cores, 24 GiB, Debian GNU/Linux 12".
    /// </summary>
    /// <param name="processor">Its processor.</param>
    public static string Describe(Processor processor)
    {
        var gibibytes = Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{processor.Name}, {Environment.ProcessorCount} cores, {gibibytes} GiB, {RuntimeInformation.OSDescription}");
    }
}
