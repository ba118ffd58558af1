using System.Globalization;

namespace Replication.Tools.Killing;

/// <summary>.NET may take no more than a few megabytes: the process ends at some allocation of its own.</summary>
internal sealed class MemoryLimit() : Trial("memory runs out")
{
    // Less and .NET does not start, which on some machines needs more; more and the plan has enough.
    private const int Least = 4 << 20, Most = 23 << 18;
    private const string NotStarted = "Failed to create CoreCLR";

    public override string? Obstacle =>
        StartedProcess.Of(["--version"], Limit(Most)).End().Error.Contains(NotStarted, StringComparison.Ordinal)
        ? "needs a .NET that starts with 6 MB"
        : null;

    public override int Disturb(PlanProcess plan, RandomStream random)
    {
        var process = plan.Start(variable: Limit(Least + random.NextInt32(Most - Least)));
        var (exit, _, error) = process.End();
        return !error.Contains(NotStarted, StringComparison.Ordinal) && PlanProcess.Refused(exit, error, "not enough memory") ? 1 : 0;
    }

    private static (string Name, string Value) Limit(int bytes) =>
        ("DOTNET_GCHeapHardLimit", bytes.ToString("x", CultureInfo.InvariantCulture));
}
