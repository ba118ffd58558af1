using TorchSharp.Modules;

namespace Replication.Bert.SubNetworks;

/// <summary>The weights of one layer that belong to single heads or neurons.</summary>
/// <param name="ByHeadRow">Query, key and value, weights and biases: a head is a block of rows.</param>
/// <param name="AttentionOutput">[hidden, heads x head size]: a head is a block of columns.</param>
/// <param name="ByNeuronRow">The feed-forward network's first half, weight [neurons, hidden] and bias [neurons].</param>
/// <param name="FeedForwardOutput">[hidden, neurons]: a neuron is a column.</param>
internal sealed record LayerWeights(
    IReadOnlyList<Parameter> ByHeadRow, Parameter AttentionOutput, IReadOnlyList<Parameter> ByNeuronRow, Parameter FeedForwardOutput)
{
    /// <summary>The weights of each layer, in order.</summary>
    public static IReadOnlyList<LayerWeights> Of(BertForSequenceClassification model)
    {
        var all = model.named_parameters().ToDictionary(p => p.name, p => p.parameter, StringComparer.Ordinal);
        return [.. Enumerable.Range(0, model.Config.NumHiddenLayers).Select(index =>
        {
            Parameter Named(string name) => all[FormattableString.Invariant($"bert.encoder.layer.{index}.{name}")];
            return new LayerWeights(
                [.. from part in (string[])["query", "key", "value"] from kind in (string[])["weight", "bias"]
                    select Named($"attention.self.{part}.{kind}")],
                Named("attention.output.dense.weight"),
                [Named("intermediate.dense.weight"), Named("intermediate.dense.bias")],
                Named("output.dense.weight"));
        })];
    }
}
