namespace Replication.Bert.SubNetworks;

/// <summary>The layers that a depth multiplier keeps, and the teacher's states that their outputs are matched with.</summary>
public static class KeptLayers
{
    // Multipliers such as 0.75 times a layer number are exact or off in the last binary digit.
    private const double Rounding = 1e-6;

    /// <summary>The kept layers, counted from 1, in rising order.</summary>
    /// <param name="layers">Layers of the full network, N.</param>
    /// <param name="depth">The depth multiplier m_d: 1, or 1 - 1/k for a whole k, which is what the paper's rule can express.</param>
    /// <param name="rule">Whose rule.</param>
    /// <exception cref="ReplicationException">The multiplier is none of these, or leaves no layer.</exception>
    public static IReadOnlyList<int> Of(int layers, double depth, DepthRule rule)
    {
        if (depth == 1)
            return [.. Enumerable.Range(1, layers)];
        var period = 1 / (1 - depth);
        if (depth is not (> 0 and < 1) || Math.Abs(period - Math.Round(period)) > Rounding)
            throw new ReplicationException(FormattableString.Invariant(
                $"The depth multiplier is {depth}; it must be 1, or one less a whole part of 1 such as 0.75 or 0.5."),
                    ReplicationException.UsageError);
        var kept = rule switch
        {
            DepthRule.Paper => ByPaper(layers, (int)Math.Round(period)),
            DepthRule.OfficialCode => ByOfficialCode(layers, depth),
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, null),
        };
        return kept.Count > 0 ? kept : throw new ReplicationException(FormattableString.Invariant(
            $"A depth multiplier of {depth} leaves none of {layers} layers; choose a larger one."), ReplicationException.UsageError);
    }

    /// <summary>
    /// The teacher's states that a sub-network's embedding output and layer outputs are matched with, as numbers of layers (0: the
    /// embedding output). In both forms each state before a kept layer is matched with the teacher's state before that layer in
    /// the code's numbering, and the last one with the teacher's last; where k divides N both lists are the same.
    /// </summary>
    /// <inheritdoc cref="Of" path="/param"/>
    public static IReadOnlyList<int> MatchedStates(int layers, double depth, DepthRule rule)
    {
        var kept = Of(layers, depth, rule);
        return rule == DepthRule.Paper ? [0, .. kept] : [.. kept.Select(layer => layer - 1), layers];
    }

    // mod(d + 1, 1 / m_d) = 0 means that (d + 1) m_d is whole, so that k = 1 / (1 - m_d) divides d + 1.
    // Where that would take the last layer (k divides N + 1), it stays all the same: that is what the rule is for.
    private static IReadOnlyList<int> ByPaper(int layers, int period) =>
        [.. Enumerable.Range(1, layers).Where(layer => layer == layers || (layer + 1) % period != 0)];

    private static IReadOnlyList<int> ByOfficialCode(int layers, double depth) =>
        [.. Enumerable.Range(0, (int)Math.Round(layers * depth, MidpointRounding.ToEven))
            .Select(i => (int)Math.Floor((i / depth) + Rounding) + 1)];
}
