using Replication.Bert;
using Replication.Bert.SubNetworks;

namespace Replication.Export.Benchmark;

/// <summary>The geometries that the papers publish, with random weights, since speed and equality do not depend on them.</summary>
internal static class PublishedModels
{
    private static readonly double[] Widths = [0.25, 0.5, 0.75, 1], Depths = [0.5, 0.75, 1];

    private static readonly (string Name, BertConfig Config)[] Whole =
    [
        ("BERT12", BertConfig.Base),
        ("BERT6", BertConfig.Base with { NumHiddenLayers = 6 }),
        ("BERT3", BertConfig.Base with { NumHiddenLayers = 3 }),
        ("DistilBERT", BertConfig.Base.ToDistil(6)),
        ("TinyBERT6", BertConfig.Base with { NumHiddenLayers = 6, ReluBeforeClassifier = true }),
        ("TinyBERT4", new BertConfig { NumHiddenLayers = 4, HiddenSize = 312, IntermediateSize = 1200, ReluBeforeClassifier = true }),
    ];

    /// <summary>Names of all models.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Whole.Select(model => model.Name), .. Depths.SelectMany(depth => Widths.Select(width => SubNetworkName(width, depth)))];

    /// <summary>Words for several of them: those of the papers' tables, DynaBERT's sub-networks, and none.</summary>
    public const string WholeOnes = "whole", SubNetworks = "sub-networks", None = "none";

    /// <summary>The names that some words stand for.</summary>
    public static IReadOnlyList<string> Chosen(IReadOnlyList<string> words) => [.. Names.Where(name =>
        words.Contains(name, StringComparer.Ordinal)
            || words.Contains(IsSubNetwork(name) ? SubNetworks : WholeOnes, StringComparer.Ordinal))];

    /// <summary>Whether a name is that of a sub-network.</summary>
    public static bool IsSubNetwork(string name) => !Whole.Any(whole => whole.Name == name);

    /// <summary>Writes one as a folder.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="vocabulary">A vocab.txt of 30,522 words.</param>
    public static void Write(string name, string folder, string vocabulary)
    {
        using var model = Model(name);
        ModelFolder.Save(model, folder, ["0", "1"], vocabulary);
    }

    private static BertForSequenceClassification Model(string name)
    {
        foreach (var whole in Whole)
            if (whole.Name == name)
                return new BertForSequenceClassification(whole.Config, outputs: 2, seed: 0);
        foreach (var depth in Depths)
            foreach (var width in Widths)
                if (SubNetworkName(width, depth) == name)
                {
                    using var network = new BertForSequenceClassification(BertConfig.Base, outputs: 2, seed: 0);
                    return SubNetworkExtraction.Extract(network, SubNetwork.Of(BertConfig.Base, width, depth));
                }
        throw new ReplicationException($"There is no model '{name}'.{Suggestion.For(name, Names)}", ReplicationException.UsageError);
    }

    private static string SubNetworkName(double width, double depth) => FormattableString.Invariant($"DynaBERT m_w={width} m_d={depth}");
}
