using System.Globalization;
using Replication.Bert;
using Replication.Bert.Distil;
using static TorchSharp.torch;

namespace Replication.DistilBERT.Tests;

/// <summary>The memory that the loss over the vocabulary takes at the size of a real batch.</summary>
public sealed class VocabularyMemoryTests
{
    private const long Limit = 2L << 30;
    private const string Peak = "VmHWM:", Now = "VmRSS:";

    // The logits alone, once for each model, would take 1 GB; softmax and gradients several times as much.
    [Test]
    public void Backward_32Times128TokensOf30522Words_AddsLessThanTwoGibibytes()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("The peak of a process can be set back on Linux only.");
        using var scope = NewDisposeScope();
        var config = BertConfig.Base with { HiddenSize = 16, NumHiddenLayers = 2, NumAttentionHeads = 2, IntermediateSize = 16, MaxPositionEmbeddings = 8 };
        using var teacher = new BertForMaskedLM(config, seed: 1);
        using var student = new BertForMaskedLM(config.ToDistil(1), seed: 2);
        var (hidden, targets) = (randn(32 * 128, 16).requires_grad_(true), randn(32 * 128, 16));
        SetBackPeak();
        var before = Read(Now);

        var terms = new VocabularyLoss(TripleLoss.OfficialCode).Backward(student, hidden, teacher, targets, arange(614));

        var added = Read(Peak) - before;
        TestContext.Out.WriteLine(FormattableString.Invariant($"added {added / (1 << 20)} MiB"));
        Assert.That(double.IsFinite(terms.Soft!.Value), Is.True);
        Assert.That(added, Is.GreaterThan(0).And.LessThan(Limit));
    }

    private static void SetBackPeak()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Assert.Ignore("The peak of this process cannot be set back here.");
        }
    }

    // "VmHWM:    123456 kB"
    private static long Read(string key) => 1024 * long.Parse(
        File.ReadLines("/proc/self/status").First(l => l.StartsWith(key, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
