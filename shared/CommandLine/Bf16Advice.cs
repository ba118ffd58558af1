using Replication.Runs;

namespace Replication.CommandLine;

/// <summary>Profiles train in bfloat16, which a processor without instructions for it computes slowly.</summary>
internal static class Bf16Advice
{
    /// <summary>What to say before a profile is run; null where there is nothing to say.</summary>
    /// <param name="environment">Where it will run.</param>
    public static string? For(RunEnvironment environment) =>
        environment.Device != "cpu" || environment.Processor.Contains("BF16", StringComparison.Ordinal)
            ? null
            : $"This processor ({environment.Processor}) shows no instructions for bfloat16, in which the profiles train; '--precision fp32' may be faster here, and its runs are kept apart.";
}
