using System.Diagnostics;
using System.Globalization;

namespace Replication.Bench;

/// <summary>
/// What the cores did since a moment: how much of their time went to other processes, which makes a measurement doubtful.
/// </summary>
internal sealed class ProcessorLoad
{
    private const string Statistics = "/proc/stat";

    // proc(5): user nice system idle iowait irq softirq steal; the two after them are contained in the first.
    private const int Idle = 3, Waiting = 4, Counted = 8;

    // USER_HZ, which Linux gives to programs as 100 everywhere.
    private const double TicksPerSecond = 100;

    private readonly (double Busy, double All)? _system = Read();
    private readonly TimeSpan _own = Own();

    private ProcessorLoad()
    {
    }

    /// <summary>From now on.</summary>
    public static ProcessorLoad Begin() => new();

    /// <summary>The share of the cores' time that neither rested nor was this process's; null where the system does not tell.</summary>
    public double? OfOthers()
    {
        if (_system is not var (busy, all) || Read() is not var (busyNow, allNow) || allNow <= all)
            return null;
        var own = (Own() - _own).TotalSeconds * TicksPerSecond;
        return Math.Round(Math.Clamp((busyNow - busy - own) / (allNow - all), 0, 1), 3);
    }

    private static TimeSpan Own()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }

    private static (double Busy, double All)? Read()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            // "cpu  4705 150 1120 16250856 2325 0 25 0 0 0"; a container sees cores that are not its own.
            var lines = File.ReadLines(Statistics).TakeWhile(line => line.StartsWith("cpu", StringComparison.Ordinal)).ToList();
            if (lines.Count - 1 != Environment.ProcessorCount)
                return null;
            var times = lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(Counted)
                .Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
            return (times.Sum() - times[Idle] - times[Waiting], times.Sum());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return null;
        }
    }
}
