using System.Globalization;
using Replication.Corpus;
using Replication.Glue;
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
    public void Texts_WithoutPairs_AreTheSequencesOfOneType()
    {
        using var corpus = new SampleCorpus();
        using var store = corpus.Open();
        using var stream = new SequenceStream(store, 16, 3, seed: 3);
        Assert.That(stream.Texts(2).Select(text => text.InputIds), Is.EqualTo(stream.Batch(2)));
        Assert.That(stream.Texts(2).Select(text => text.FirstLength), Is.EqualTo(stream.Batch(2).Select(ids => ids.Length)));
    }

    [Test]
    public void Texts_Pairs_AreTwoClosedPartsOfSentencesOfWhichHalfTheSecondFollow()
    {
        using var corpus = new SampleCorpus(documents: 60);
        using var store = corpus.Open();
        using var stream = new SequenceStream(store, 24, 1, seed: 3, pairs: true);
        var texts = Enumerable.Range(0, (int)(4 * stream.StepsPerEpoch)).Select(step => stream.Texts(step)[0]).ToList();
        Assert.That(texts, Has.All.Matches<EncodedText>(
            text => text.InputIds.Length <= 24 && text.InputIds[0] == 2 && text.InputIds[^1] == 3
                && text.InputIds[text.FirstLength - 1] == 3));
        var pairs = texts.Where(text => text.FirstLength < text.InputIds.Length).ToList();
        Assert.That(pairs, Has.Count.GreaterThan(texts.Count / 2));
        // Where the second part follows, both are one place of the corpus.
        var all = string.Concat(corpus.Tokens.Where(id => id > 4).Select(id => $"{id} "));
        var follows = pairs.Count(text => all.Contains(
            string.Concat(text.InputIds.Where(id => id > 4).Select(id => $"{id} ")), StringComparison.Ordinal));
        Assert.That(follows / (double)pairs.Count, Is.EqualTo(0.5).Within(0.15));
        // Only whole sentences are parted.
        var sentences = corpus.Text.SelectMany(document => document).Select(sentence => $" {Ids(sentence)} ").ToList();
        Assert.That(
            pairs.Select(text => text.InputIds[1..(text.FirstLength - 1)]).Where(first => !sentences.Any(sentence => sentence.EndsWith(
                $" {first[^1]} ", StringComparison.Ordinal))), Is.Empty);
    }

    private static string Ids(string sentence) => string.Join(
        ' ', sentence.Split(' ').Select(word => 5 + int.Parse(word.AsSpan(1), CultureInfo.InvariantCulture)));

    [Test]
    public void Texts_Pairs_AreOtherOnesInEachEpochAndTheSameForAStep()
    {
        using var corpus = new SampleCorpus(documents: 60);
        using var store = corpus.Open();
        using var one = new SequenceStream(store, 24, 2, seed: 3, pairs: true);
        using var other = new SequenceStream(store, 24, 2, seed: 3, pairs: true);
        one.Texts(0);
        Assert.That(one.Texts(5).Select(t => t.InputIds), Is.EqualTo(other.Texts(5).Select(t => t.InputIds)));
        IEnumerable<string> Epoch(int number) => Enumerable.Range(0, (int)one.StepsPerEpoch)
            .SelectMany(step => one.Texts((number * one.StepsPerEpoch) + step)).Select(text => string.Join(' ', text.InputIds)).Order();
        Assert.That(Epoch(0), Is.Not.EqualTo(Epoch(1)));
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
