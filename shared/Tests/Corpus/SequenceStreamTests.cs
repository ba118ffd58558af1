using Replication.Corpus;
using static TorchSharp.torch;

namespace Replication.Tests.Corpus;

[TestFixture]
internal sealed class SequenceStreamTests
{
    [Test]
    public void Batch_OneEpoch_ReadsEverySequenceOnce()
    {
        using var corpus = new SampleCorpus();
        using var store = corpus.Open();
        using var stream = new SequenceStream(store, 12, 1, seed: 3);
        var sequences = Enumerable.Range(0, (int)stream.Sequences).Select(step => stream.Batch(step)[0]).ToList();
        Assert.That(sequences, Has.All.Matches<int[]>(s => s.Length is >= 3 and <= 12 && s[0] == 2 && s[^1] == 3));
        // All words, in some order; the [SEP] between documents and at the ends is not counted.
        Assert.That(
            sequences.SelectMany(s => s).Where(id => id > 4).Order(), Is.EqualTo(corpus.Tokens.Where(id => id > 4).Order()));
    }

    [Test]
    public void Batch_LongerSentenceThanSequence_IsSplit()
    {
        using var corpus = new SampleCorpus();
        var file = corpus.Write("long.txt", string.Join(' ', Enumerable.Range(0, 25).Select(i => $"w{i}")));
        using var store = corpus.Open(file);
        using var stream = new SequenceStream(store, 12, 1, seed: 3);
        Assert.That(stream.Sequences, Is.EqualTo(3));
        Assert.That(Enumerable.Range(0, 3).SelectMany(i => stream.Batch(i)[0]).Where(id => id > 4).Order(),
            Is.EqualTo(Enumerable.Range(5, 25)));
    }

    [Test]
    public void Batch_SameSeedAndStep_IsTheSameWhateverWasReadBefore()
    {
        using var corpus = new SampleCorpus();
        using var store = corpus.Open();
        using var one = new SequenceStream(store, 16, 3, seed: 3);
        using var other = new SequenceStream(store, 16, 3, seed: 3);
        using var another = new SequenceStream(store, 16, 3, seed: 4);
        var late = 2 * one.StepsPerEpoch + 1;
        for (var step = 0L; step < late; step++)
            one.Batch(step);
        Assert.That(one.Batch(late), Is.EqualTo(other.Batch(late)));
        Assert.That(one.Batch(late), Is.Not.EqualTo(another.Batch(late)));
        Assert.That(one.Batch(0), Is.Not.EqualTo(one.Batch(one.StepsPerEpoch)), "each epoch has an order of its own");
    }

    [Test]
    public void Create_CorpusSmallerThanABatch_SaysSo()
    {
        using var corpus = new SampleCorpus(documents: 2);
        using var store = corpus.Open();
        Assert.That(() => new SequenceStream(store, 128, 32, 1),
            Throws.InstanceOf<ReplicationException>().With.Message.Contains("fewer than one batch of 32"));
    }

    [Test]
    public void Collate_SequencesOfTwoLengths_PadsAndMasks()
    {
        using var batch = SequenceStream.Collate([[2, 7, 3], [2, 7, 8, 3]], 0, CPU);
        Assert.That(batch.InputIds.data<long>().ToArray(), Is.EqualTo((long[])[2, 7, 3, 0, 2, 7, 8, 3]));
        Assert.That(batch.AttentionMask.data<long>().ToArray(), Is.EqualTo((long[])[1, 1, 1, 0, 1, 1, 1, 1]));
        Assert.That(batch.TokenTypeIds.shape, Is.EqualTo((long[])[2, 4]));
    }

    [Test]
    public void Collate_LeastLength_PadsAllToIt()
    {
        using var batch = SequenceStream.Collate([[2, 7, 3], [2, 7, 8, 3]], 0, CPU, leastLength: 6);
        Assert.That(batch.InputIds.data<long>().ToArray(), Is.EqualTo((long[])[2, 7, 3, 0, 0, 0, 2, 7, 8, 3, 0, 0]));
        Assert.That(batch.AttentionMask.data<long>().ToArray(), Is.EqualTo((long[])[1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 0, 0]));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(5)]
    [TestCase(64)]
    [TestCase(1000)]
    public void Permutation_AnyCount_IsABijection(int count)
    {
        var order = new Permutation(count, seed: 7, epoch: 2);
        Assert.That(Enumerable.Range(0, count).Select(i => order[i]).Order(), Is.EqualTo(Enumerable.Range(0, count).Select(i => (long)i)));
    }
}
