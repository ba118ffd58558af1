namespace Replication.Bert.SubNetworks;

/// <summary>How much the loss would change if a head or neuron were removed, by first-order estimate.</summary>
/// <param name="Heads">By layer, a value per head.</param>
/// <param name="Neurons">By layer, a value per neuron.</param>
public sealed record Importance(IReadOnlyList<float[]> Heads, IReadOnlyList<float[]> Neurons);

/// <summary>Whether a batch's gradients begin at zero.</summary>
public enum ImportanceGradients
{
    /// <summary>Each batch counts by its own gradient.</summary>
    ZeroedEachBatch,

    /// <summary>
    /// The authors' code makes the head factors once and never zeroes a gradient, so that each batch counts, for a head as for
    /// a neuron, by the sum of all gradients so far.
    /// </summary>
    CarriedOver,
}
