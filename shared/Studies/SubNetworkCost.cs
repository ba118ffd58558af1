namespace Replication.Studies;

/// <summary>A sub-network of a trained network: what it scores and what it costs.</summary>
/// <param name="Width">Width multiplier.</param>
/// <param name="Depth">Depth multiplier.</param>
/// <param name="Metric">Such as "accuracy".</param>
/// <param name="Score">On the dev set, as a share.</param>
/// <param name="Parameters">Parameters.</param>
/// <param name="Flops">Floating-point operations of one sequence of 128 tokens.</param>
/// <param name="Seconds">Measured latency of one such sequence; null where it was not timed.</param>
public sealed record SubNetworkCost(double Width, double Depth, string Metric, double Score, long Parameters, long Flops, double? Seconds)
{
    /// <summary>What it was exported to, scored and timed in; null for one as it was trained.</summary>
    public string? Form { get; init; }

    /// <summary>Bytes of the file of an exported sub-network; null for one as it was trained.</summary>
    public long? StoredBytes { get; init; }

    /// <summary>Bytes of the weights: as they are stored in an exported file, else in fp32.</summary>
    public long MemoryBytes => StoredBytes ?? Parameters * sizeof(float);
}
