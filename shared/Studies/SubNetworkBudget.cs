using System.Globalization;

namespace Replication.Studies;

/// <summary>What a sub-network may cost; null for no limit.</summary>
public sealed record SubNetworkBudget
{
    /// <summary>Seconds for one sequence of 128 tokens.</summary>
    public double? Seconds { get; init; }

    /// <summary>Parameters.</summary>
    public double? Parameters { get; init; }

    /// <summary>Floating-point operations of such a sequence.</summary>
    public double? Flops { get; init; }

    /// <summary>Bytes of the weights in fp32.</summary>
    public double? MemoryBytes { get; init; }

    /// <summary>The budget, if it limits anything.</summary>
    /// <exception cref="ReplicationException">There is no limit.</exception>
    public SubNetworkBudget Validate() => Seconds is null && Parameters is null && Flops is null && MemoryBytes is null
        ? throw new ReplicationException(
            "No budget is given; give --latency, --parameters, --flops or --memory, such as --latency 20ms.",
            ReplicationException.UsageError)
        : this;

    /// <summary>
    /// The sub-network with the best score among those that meet every limit; of equals the one with fewer parameters, then the faster.
    /// </summary>
    /// <exception cref="ReplicationException">
    /// There is no limit, none meets it (the nearest is named), or latency was not measured.
    /// </exception>
    public SubNetworkCost Choose(IReadOnlyList<SubNetworkCost> costs)
    {
        Validate();
        if (Seconds is not null && costs.Any(cost => cost.Seconds is null))
            throw new ReplicationException(
                "The latency of the sub-networks was not measured on this machine; run the paper's profile, which times them.");
        var best = costs.Where(cost => Excess(cost) <= 1)
            .OrderByDescending(cost => cost.Score).ThenBy(cost => cost.Parameters).ThenBy(cost => cost.Seconds).FirstOrDefault();
        if (best is not null)
            return best;
        var nearest = costs.MinBy(Excess)!;
        throw new ReplicationException($"No sub-network meets the budget; the nearest is {Name(nearest)}: {Words(nearest)}.");
    }

    /// <summary>Which sub-network it is, in words.</summary>
    public static string Name(SubNetworkCost cost) =>
        FormattableString.Invariant($"width {cost.Width}, depth {cost.Depth}") + (cost.Form is null ? "" : $" in {cost.Form}");

    /// <summary>What a sub-network costs, in words.</summary>
    public static string Words(SubNetworkCost cost)
    {
        var latency = cost.Seconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"{1000 * seconds:0.0} ms, ") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{latency}{cost.Parameters / 1e6:0.00} M parameters, {cost.Flops / 1e9:0.00} GFLOPs, {cost.MemoryBytes / 1e6:0.0} MB");
    }

    // The largest ratio of a cost to its limit.
    private double Excess(SubNetworkCost cost) => new[]
    {
        cost.Seconds / Seconds ?? 0, cost.Parameters / Parameters ?? 0, cost.Flops / Flops ?? 0, cost.MemoryBytes / MemoryBytes ?? 0,
    }.Max();
}
