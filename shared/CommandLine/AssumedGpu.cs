using Replication.Runs;

namespace Replication.CommandLine;

/// <summary>
/// The GPU by which the paper profile's cost is told on a machine without one: an NVIDIA A100 that trains at 40 % of its peak
/// (312 TFLOP/s in bfloat16, 19.5 in fp32). Assumed, not measured; <c>plan --device cuda</c> measures the GPU that is there.
/// </summary>
internal static class AssumedGpu
{
    /// <summary>The share of its peak.</summary>
    public const double ShareOfPeak = 0.4;

    private const double PeakBf16 = 312e12, PeakFp32 = 19.5e12;

    /// <summary>What is said beside numbers that rest on it.</summary>
    public const string Words =
        "GPU-hours are for one NVIDIA A100 at 40 % of its peak, which is assumed, not measured; --device cuda measures the GPU that is "
            + "there.";

    /// <summary>Its rates.</summary>
    public static ComputeRates Rates { get; } = new(Rate(PeakFp32), Rate(PeakBf16));

    private static ComputeRate Rate(double peak) => new(ShareOfPeak * peak, ShareOfPeak * peak);
}
