using Replication.Bert;
using Replication.Export;

namespace Replication.Tools.Load;

/// <summary>
/// A small model with random weights, for whoever has none at hand: what a service holds and refuses does not depend on them.
/// </summary>
internal static class LoadModel
{
    /// <summary>What it is, for people.</summary>
    public const string Name = "2 layers of 128 with random weights, int8";

    private static readonly string[] Special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    /// <summary>Writes it as an exported folder.</summary>
    /// <param name="scratch">A folder for what is written.</param>
    /// <param name="words">Words of the vocabulary.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The exported folder.</returns>
    public static string Write(string scratch, IReadOnlyList<string> words, CancellationToken cancellation)
    {
        string[] vocabulary = [.. Special, .. words];
        var (file, source, target) = (Path.Combine(scratch, "vocab.txt"), Path.Combine(scratch, "source"), Path.Combine(scratch, "model"));
        File.WriteAllLines(file, vocabulary);
        var config = new BertConfig
        {
            VocabSize = vocabulary.Length, HiddenSize = 128, NumHiddenLayers = 2, NumAttentionHeads = 2, IntermediateSize = 512,
            MaxPositionEmbeddings = 512,
        };
        using (var model = new BertForSequenceClassification(config, outputs: 2, seed: 1))
            ModelFolder.Save(model, source, ["negative", "positive"], file);
        var request = new OnnxExportRequest
        {
            Source = source, Form = new OnnxForm(Quantization.Dynamic, Fused: true), Clock = TimeProvider.System, IsTimed = false,
        };
        OnnxExport.Write(request, target, _ => "", cancellation);
        return target;
    }
}
