namespace Replication.Studies;

/// <summary>What a paper says its training cost.</summary>
/// <param name="Words">In a sentence, with where it is said.</param>
/// <param name="Kind">The kind of run that it is of.</param>
/// <param name="GpuHours">GPUs times hours; null where the paper gives no time.</param>
/// <param name="PeakFlops">The most that one of these GPUs does a second in half precision; 0 where nothing is computed with it.</param>
public sealed record PublishedCost(string Words, string Kind = "", double? GpuHours = null, double PeakFlops = 0);
