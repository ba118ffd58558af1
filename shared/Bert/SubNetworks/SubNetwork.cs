using System.Globalization;

namespace Replication.Bert.SubNetworks;

/// <summary>
/// A part of a network that shares its weights: some of the layers, and in each the left-most heads and neurons.
/// The hidden size never changes.
/// </summary>
/// <param name="Width">The width multiplier m_w.</param>
/// <param name="Depth">The depth multiplier m_d.</param>
/// <param name="Layers">Kept layers, counted from 1, in rising order.</param>
/// <param name="Heads">Kept attention heads of a layer.</param>
/// <param name="Neurons">Kept neurons of the feed-forward network.</param>
public sealed record SubNetwork(double Width, double Depth, IReadOnlyList<int> Layers, int Heads, int Neurons)
{
    // A multiplier times a whole number may lie a hair under the whole number that is meant.
    private const double Rounding = 1e-6;

    /// <summary>The sub-network of two multipliers: floor(m_w heads) and floor(m_w neurons) of the layers that the rule keeps.</summary>
    /// <param name="config">The full network's geometry.</param>
    /// <param name="width">m_w, above 0 and at most 1.</param>
    /// <param name="depth">m_d, as <see cref="KeptLayers.Of"/> takes it.</param>
    /// <param name="rule">Which layers stay.</param>
    /// <exception cref="ReplicationException">A multiplier is out of its range, or leaves no head, neuron or layer.</exception>
    public static SubNetwork Of(BertConfig config, double width, double depth, DepthRule rule = DepthRule.Paper)
    {
        if (config.PrunedHeads is not null)
            throw new ReplicationException(
                "This model is a sub-network already: heads were cut from it; take the full network.", ReplicationException.UsageError);
        if (width is not (> 0 and <= 1))
            throw new ReplicationException(
                FormattableString.Invariant($"The width multiplier is {width}; it must be above 0 and at most 1."),
                ReplicationException.UsageError);
        var heads = (int)Math.Floor((config.NumAttentionHeads * width) + Rounding);
        var neurons = (int)Math.Floor((config.IntermediateSize * width) + Rounding);
        if (heads < 1 || neurons < 1)
            throw new ReplicationException(string.Create(
                CultureInfo.InvariantCulture,
                $"A width multiplier of {width} leaves no head of {config.NumAttentionHeads}; it must be at least "
                    + $"{1.0 / config.NumAttentionHeads:0.###}."), ReplicationException.UsageError);
        return new SubNetwork(width, depth, KeptLayers.Of(config.NumHiddenLayers, depth, rule), heads, neurons);
    }

    /// <summary>Every pair of a width and a depth, the largest first: by depth, then by width.</summary>
    /// <inheritdoc cref="Of" path="/exception"/>
    public static IReadOnlyList<SubNetwork> Grid(
        BertConfig config, IReadOnlyList<double> widths, IReadOnlyList<double> depths, DepthRule rule = DepthRule.Paper) =>
        [.. from depth in depths.OrderDescending() from width in widths.OrderDescending() select Of(config, width, depth, rule)];

    /// <summary>Such as "m_w=0.75, m_d=0.5".</summary>
    public string Name => NameOf(Width, Depth);

    /// <inheritdoc cref="Name"/>
    public static string NameOf(double width, double depth) =>
        string.Create(CultureInfo.InvariantCulture, $"m_w={width:0.0##}, m_d={depth:0.0##}");

    /// <summary>Name of a sub-network's scores in a result that holds those of several.</summary>
    /// <param name="split">Such as "dev".</param>
    /// <param name="width">m_w.</param>
    /// <param name="depth">m_d.</param>
    public static string ScoreName(string split, double width, double depth) => $"{split}, {NameOf(width, depth)}";

    /// <summary>The geometry of the sub-network as a network of its own.</summary>
    /// <param name="full">The full network's.</param>
    /// <param name="cut">What becomes of the heads that it lacks.</param>
    public BertConfig Config(BertConfig full, CutHeads cut = CutHeads.Removed) => full with
    {
        NumHiddenLayers = Layers.Count,
        IntermediateSize = Neurons,
        PrunedHeads = cut == CutHeads.Zero || Heads == full.NumAttentionHeads
            ? null
            : Enumerable.Range(0, Layers.Count)
                .ToDictionary(layer => layer, _ => (IReadOnlyList<int>)[.. Enumerable.Range(Heads, full.NumAttentionHeads - Heads)]),
    };
}
