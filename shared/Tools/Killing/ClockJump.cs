using System.Globalization;

namespace Replication.Tools.Killing;

/// <summary>The clock jumps by years at every look at it, the process is killed, and all that it left gets other dates.</summary>
internal sealed class ClockJump() : Trial("the clock jumps")
{
    private const int Years = 40;

    public override int Disturb(PlanProcess plan, RandomStream random)
    {
        var process = plan.Start(["--clock", random.NextInt32(int.MaxValue).ToString(CultureInfo.InvariantCulture)]);
        process.Wait(plan.Undisturbed * random.NextDouble());
        var wasRunning = PlanProcess.Kill(process);
        foreach (var path in Directory.EnumerateFileSystemEntries(plan.Results, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            if (File.Exists(path))
                File.SetLastWriteTimeUtc(path, Jump(DateTimeOffset.UtcNow, random).UtcDateTime);
        }
        return wasRunning ? 1 : 0;
    }

    /// <summary>Some time within <see cref="Years"/> of another.</summary>
    public static DateTimeOffset Jump(DateTimeOffset now, RandomStream random) =>
        now.AddDays((random.NextDouble() - 0.5) * 2 * Years * 365);
}
