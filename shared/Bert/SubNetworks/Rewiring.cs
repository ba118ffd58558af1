using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.Bert.SubNetworks;

/// <summary>
/// Network rewiring: the heads and the neurons of each layer are put in falling order of importance, so that a narrower
/// sub-network keeps the best of them. Rows move with their columns, and so the full network computes what it did.
/// </summary>
public static class Rewiring
{
    /// <summary>Rewires a model in place.</summary>
    /// <param name="model">The full network.</param>
    /// <param name="importance">Its importance; equal values keep their order.</param>
    /// <exception cref="ReplicationException">The importance is of another geometry.</exception>
    public static void Apply(BertForSequenceClassification model, Importance importance)
    {
        var config = model.Config;
        if (importance.Heads.Count != config.NumHiddenLayers || importance.Heads.Any(h => h.Length != config.NumAttentionHeads)
            || importance.Neurons.Any(n => n.Length != config.IntermediateSize))
            throw new ReplicationException(
                $"The importance is not that of a model of {config.NumHiddenLayers} layers, {config.NumAttentionHeads} heads and "
                + $"{config.IntermediateSize} neurons; measure it with the model that is rewired.");
        using var noGradient = no_grad();
        foreach (var (index, layer) in LayerWeights.Of(model).Index())
        {
            using var scope = NewDisposeScope();
            var heads = Order(importance.Heads[index]);
            var rows = tensor(
                heads.SelectMany(head => Enumerable.Range(0, config.HeadSize).Select(i => (head * config.HeadSize) + i)).ToArray(),
                device: layer.AttentionOutput.device);
            Move(layer.ByHeadRow, 0, rows);
            Move([layer.AttentionOutput], 1, rows);
            var neurons = tensor(Order(importance.Neurons[index]), device: layer.AttentionOutput.device);
            Move(layer.ByNeuronRow, 0, neurons);
            Move([layer.FeedForwardOutput], 1, neurons);
        }
    }

    /// <summary>Positions in falling order of their values; equal values keep their order.</summary>
    public static long[] Order(IReadOnlyList<float> values) =>
        [.. Enumerable.Range(0, values.Count).OrderByDescending(i => values[i]).Select(i => (long)i)];

    private static void Move(IReadOnlyList<Parameter> weights, long dimension, Tensor order)
    {
        foreach (var weight in weights)
            weight.copy_(weight.index_select(dimension, order));
    }
}
