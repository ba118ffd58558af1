using Replication.Corpus;

namespace Replication.Tests.Corpus;

[TestFixture]
internal sealed class CorpusMemoryTests
{
    [Test]
    public void OpenOrTokenize_HundredTimesTheText_HoldsNoMoreMemory()
    {
        using var small = new SampleCorpus(documents: 200);
        using var large = new SampleCorpus(documents: 200);
        var text = File.ReadAllText(large.File) + "\n";
        File.WriteAllText(large.File, string.Concat(Enumerable.Repeat(text, 100)));
        Assert.That(Peak(large), Is.LessThan(Peak(small) + 2_000_000));
    }

    // The most that is reachable, sampled at every 500th document.
    private static long Peak(SampleCorpus corpus)
    {
        var (peak, calls) = (0L, 0);
        using var store = corpus.Open(progress: _ =>
        {
            if (calls++ % 500 == 199)
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true));
        });
        using var stream = new SequenceStream(store, 16, 8, 1);
        for (var step = 0L; step < 100; step++)
            stream.Batch(step * 17);
        return Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true));
    }
}
