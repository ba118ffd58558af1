using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.Bert.SubNetworks;

/// <summary>Makes a network of its own, with its own and fewer weights, from a sub-network.</summary>
public static class SubNetworkExtraction
{
    private const string LayerPrefix = "bert.encoder.layer.";

    /// <summary>Copies the weights that the sub-network uses. The result computes what the sub-network does.</summary>
    /// <param name="model">The full network.</param>
    /// <param name="part">The sub-network.</param>
    /// <param name="cut">What becomes of the other heads.</param>
    public static BertForSequenceClassification Extract(
        BertForSequenceClassification model, SubNetwork part, CutHeads cut = CutHeads.Removed)
    {
        var extracted = new BertForSequenceClassification(part.Config(model.Config, cut), model.Outputs, CPU);
        var weights = model.named_parameters().ToDictionary(p => p.name, p => p.parameter, StringComparer.Ordinal);
        using var noGradient = no_grad();
        foreach (var (name, target) in extracted.named_parameters())
            Copy(weights[NameInFull(name, part)], target);
        if (cut == CutHeads.Zero)
            Clear(extracted, part);
        extracted.train(model.training);
        return extracted;
    }

    // The wider one gives its left-most rows and columns.
    private static void Copy(Parameter source, Parameter target)
    {
        using var scope = NewDisposeScope();
        Tensor taken = source;
        for (var dimension = 0; dimension < target.shape.Length; dimension++)
            taken = taken.narrow(dimension, 0, target.shape[dimension]);
        target.copy_(taken);
    }

    private static void Clear(BertForSequenceClassification model, SubNetwork part)
    {
        using var scope = NewDisposeScope();
        var (kept, all) = (part.Heads * model.Config.HeadSize, model.Config.HiddenSize);
        if (kept == all)
            return;
        foreach (var layer in LayerWeights.Of(model))
        {
            foreach (var weight in layer.ByHeadRow)
                weight.narrow(0, kept, all - kept).zero_();
            layer.AttentionOutput.narrow(1, kept, all - kept).zero_();
        }
    }

    // "bert.encoder.layer.2...." of the small network is the third kept layer of the full one.
    private static string NameInFull(string name, SubNetwork part)
    {
        if (!name.StartsWith(LayerPrefix, StringComparison.Ordinal))
            return name;
        var end = name.IndexOf('.', LayerPrefix.Length);
        var index = int.Parse(name.AsSpan(LayerPrefix.Length, end - LayerPrefix.Length), System.Globalization.CultureInfo.InvariantCulture);
        return FormattableString.Invariant($"{LayerPrefix}{part.Layers[index] - 1}{name[end..]}");
    }
}
