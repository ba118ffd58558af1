using Replication.Bert;
using Replication.Bert.Distil;
using Replication.Corpus;
using static TorchSharp.torch;

namespace Replication.DistilBERT.Tests;

/// <summary>A tiny teacher, its student, and a masked batch with padding.</summary>
internal static class TinyPair
{
    public static readonly BertConfig Config = new()
    {
        VocabSize = 60, HiddenSize = 16, NumHiddenLayers = 4, NumAttentionHeads = 2, IntermediateSize = 32, MaxPositionEmbeddings = 16,
        InitializerRange = 0.3,
    };

    public static BertForMaskedLM Teacher()
    {
        var teacher = new BertForMaskedLM(Config, seed: 1);
        teacher.eval();
        return teacher;
    }

    // Drawn anew: a student that began as its teacher's layers would have a loss near none.
    public static BertForMaskedLM Student() => new(Config.ToDistil(2), seed: 2);

    public static MaskedBatch Batch(int rows = 4)
    {
        const int no = Masking.NoTarget;
        int[][] inputs = [.. Enumerable.Range(0, rows).Select(row => (int[])[2, 10 + row, 4, 20 + row, .. Enumerable.Range(30, row), 3])];
        int[][] targets = [.. inputs.Select((s, row) => (int[])[no, no, 40 + row, no, .. Enumerable.Repeat(no, row), no])];
        return MaskedBatch.Collate(new MaskedSequences(inputs, targets), padding: 0, CPU);
    }

    public static Dictionary<string, Tensor> Gradients(BertForMaskedLM model) =>
        model.named_parameters().ToDictionary(
            p => p.name, p => p.parameter.grad is { } g ? g.clone() : zeros_like(p.parameter).detach(), StringComparer.Ordinal);

    public static void AssertClose(Dictionary<string, Tensor> one, Dictionary<string, Tensor> other, double tolerance) =>
        Assert.Multiple(() =>
    {
        Assert.That(one.Keys, Is.EquivalentTo(other.Keys));
        foreach (var (name, gradient) in one)
            Assert.That((gradient - other[name]).abs().max().item<float>(), Is.LessThanOrEqualTo(tolerance), name);
    });
}
