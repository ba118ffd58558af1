using Replication.Bert;
using Replication.Bert.Distil;
using Replication.Corpus;
using Replication.Measurements;
using static TorchSharp.torch;

namespace Replication.DistilBERT.Tests;

/// <summary>The memory that the loss over the vocabulary takes at the size of a real batch.</summary>
[Category("Slow")]
public sealed class VocabularyMemoryTests
{
    private const int Tokens = 32 * 128;

    private const long Limit = 2L << 30;

    // The logits alone, once for each model, would take 1 GB; softmax and gradients several times as much. The operating system's
    // own peak misses no moment but counts the models too.
    [Test]
    public void Backward_32Times128TokensOf30522Words_AddsLessThanTwoGibibytes()
    {
        if (!PeakMemory.TryReset())
            Assert.Ignore("The peak of this process cannot be set back here.");
        var before = Environment.WorkingSet;

        // Narrow, so that it takes seconds: the states are the smaller part of the memory. The layers have no part in it.
        var narrow = BertConfig.Base with { NumHiddenLayers = 2, HiddenSize = 48 };
        using var scope = NewDisposeScope();
        using var teacher = new BertForMaskedLM(narrow, seed: 1);
        using var student = new BertForMaskedLM(DistilStudent.Geometry(narrow), seed: 2);
        var (states, targets) = (ones(Tokens, narrow.HiddenSize).requires_grad_(true), ones(Tokens, narrow.HiddenSize));
        // As many as masking hides on average.
        var words = arange((long)(new MaskingRecipe().Share * Tokens));
        new VocabularyLoss(TripleLoss.OfficialCode, VocabularyLoss.DefaultChunkTokens).Backward(student, states, teacher, targets, words);

        var peak = PeakMemory.Bytes() - before;
        TestContext.Out.WriteLine(FormattableString.Invariant($"peak {peak >> 20} MiB"));
        Assert.That(peak, Is.GreaterThan(0).And.LessThan(Limit));
        Assert.That(states.grad, Is.Not.Null, "nothing was computed");
    }
}
