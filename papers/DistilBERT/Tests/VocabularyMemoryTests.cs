
namespace Replication.DistilBERT.Tests;

/// <summary>The memory that the loss over the vocabulary takes at the size of a real batch.</summary>
[Category("Slow")]
public sealed class VocabularyMemoryTests
{
    private const long Limit = 2L << 30;

    // The logits alone, once for each model, would take 1 GB; softmax and gradients several times as much. The operating system's
    // own peak misses no moment but counts the models too.
    [Test]
    public void Execute_32Times128TokensOf30522Words_AddsLessThanTwoGibibytes()
    {
        using var place = new TinyWorkplace();
        if (!PeakMemory.TryReset())
            Assert.Ignore("The peak of this process cannot be set back here.");
        var before = Environment.WorkingSet;

        // Narrow, so that it takes seconds: the states are the smaller part of the memory.
        var added = place.Run(new VocabularyMemorySpec { Width = 48 }).Result.Facts[VocabularyMemorySpec.AddedBytes];

        var peak = PeakMemory.Bytes() - before;
        TestContext.Out.WriteLine(FormattableString.Invariant($"added {added / (1 << 20):0} MiB, peak {peak >> 20} MiB"));
        Assert.That(peak, Is.LessThan(Limit));
        // The thread that looks every millisecond may miss moments where the machine is busy, so it can only have seen less.
        Assert.That(added, Is.GreaterThan(0).And.LessThanOrEqualTo(peak));
    }
}
