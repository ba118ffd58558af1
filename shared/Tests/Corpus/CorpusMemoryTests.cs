using Replication.Corpus;

namespace Replication.Tests.Corpus;

[TestFixture, Category("Slow")]
internal sealed class CorpusMemoryTests
{
    // What earlier tests left can only shrink: the small corpus goes first, so garbage of others never counts against the large one.
    [Test]
    public void OpenOrTokenize_FourHundredTimesTheText_HoldsLessThanHalfOfIt()
    {
        using var small = new SampleCorpus(documents: 200);
        using var large = new SampleCorpus(documents: 200);
        var text = File.ReadAllText(large.File) + "\n";
        using (var writer = new StreamWriter(large.File))
        {
            for (var copy = 0; copy < 400; copy++)
                writer.Write(text);
        }
        var held = Held(small, every: 50);

        var more = Held(large, every: 20_000) - held;

        TestContext.Out.WriteLine(FormattableString.Invariant($"{more} bytes more for {text.Length * 400L} characters"));
        Assert.That(more, Is.LessThan(text.Length * 400L / 2));
    }

    // The most that is reachable, sampled at every so many documents.
    private static long Held(SampleCorpus corpus, int every)
    {
        var (most, documents) = (0L, 0);
        using var store = corpus.Open(progress: _ =>
        {
            if (++documents % every == 0)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
        });
        using var stream = new SequenceStream(store, 16, 8, 1);
        for (var step = 0L; step < 100; step++)
            stream.Batch(step * 17);
        return Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
    }
}
