using Replication.Runs;

namespace Replication.CommandLine;

/// <summary>
/// A GPU by which the paper profile's cost is told on a machine without one. Assumed, not measured; <c>plan --device cuda</c> measures
/// the GPU that is there.
/// </summary>
/// <param name="Name">What it is.</param>
/// <param name="PeakBf16">Its peak in bfloat16 with sums in fp32, operations a second.</param>
/// <param name="PeakFp32">The same in fp32.</param>
internal sealed record AssumedGpu(string Name, double PeakBf16, double PeakFp32)
{
    /// <summary>The share of its peak that trainings reach.</summary>
    public const double ShareOfPeak = 0.4;

    /// <summary>The GPU of GPU-hours: 312 TFLOP/s in bfloat16, 19.5 in fp32.</summary>
    public static AssumedGpu A100 { get; } = new("one NVIDIA A100", 312e12, 19.5e12);

    /// <summary>A consumer's GPU of 12 GB: 25 TFLOP/s in bfloat16, twice its fp32.</summary>
    public static AssumedGpu Consumer { get; } = new("an NVIDIA RTX 3060 of 12 GB", 25e12, 12.5e12);

    /// <summary>What is said beside GPU-hours.</summary>
    public static string Words { get; } =
        $"GPU-hours are for {A100.Name} at 40 % of its peak, which is assumed, not measured; --device cuda measures the GPU that is there.";

    /// <summary>What is said beside hours on a consumer's.</summary>
    public static string ConsumerWords { get; } =
        $"A consumer's GPU is {Consumer.Name} at the same share; --micro-batch makes a batch fit.";

    /// <summary>Its rates.</summary>
    public ComputeRates Rates { get; } = new(Rate(PeakFp32), Rate(PeakBf16));

    private static ComputeRate Rate(double peak) => new(ShareOfPeak * peak, ShareOfPeak * peak);
}
