using Replication.Glue;
using TorchSharp;

namespace Replication.Tests.Glue;

public class BatchTests
{
    private static readonly int[] Lengths =
        Enumerable.Range(0, 1003).Select(i => 3 + (int)(RandomStream.Derive(5, "lengths", i) % 100)).ToArray();

    [Test]
    public void Epoch_AnyOrder_HasEveryRowOnce([Values] BatchOrder order, [Values(1, 32, 1003, 5000)] int batchSize)
    {
        var batches = BatchPlan.Epoch(Lengths, order, batchSize, seed: 1, epoch: 0, poolBatches: 7);
        Assert.Multiple(() =>
        {
            Assert.That(batches.SelectMany(b => b).Order(), Is.EqualTo(Enumerable.Range(0, Lengths.Length)));
            Assert.That(batches.SkipLast(1).All(b => b.Length == batchSize), "only the last batch may be short");
            Assert.That(batches[^1], Is.Not.Empty);
        });
    }

    [Test]
    public void Epoch_SameSeedAndEpoch_IsTheSame([Values] BatchOrder order) =>
        Assert.That(BatchPlan.Epoch(Lengths, order, 32, seed: 9, epoch: 4),
            Is.EqualTo(BatchPlan.Epoch(Lengths, order, 32, seed: 9, epoch: 4)));

    [Test]
    public void Epoch_OtherSeedOrEpoch_IsAnotherOrder([Values(BatchOrder.Bucketed, BatchOrder.Shuffled)] BatchOrder order)
    {
        var first = BatchPlan.Epoch(Lengths, order, 32, seed: 9, epoch: 0).SelectMany(b => b).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(BatchPlan.Epoch(Lengths, order, 32, seed: 9, epoch: 1).SelectMany(b => b), Is.Not.EqualTo(first));
            Assert.That(BatchPlan.Epoch(Lengths, order, 32, seed: 10, epoch: 0).SelectMany(b => b), Is.Not.EqualTo(first));
        });
    }

    [Test]
    public void Epoch_Sequential_IsFileOrderInEveryEpoch() =>
        Assert.That(BatchPlan.Epoch(Lengths, BatchOrder.Sequential, 32, seed: 1, epoch: 3).SelectMany(b => b),
            Is.EqualTo(Enumerable.Range(0, Lengths.Length)));

    [Test]
    public void Epoch_Bucketed_VisitsTheLongestRowsAtDifferentTimes()
    {
        var longest = Array.IndexOf(Lengths, Lengths.Max());
        var places = Enumerable.Range(0, 20)
            .Select(epoch =>
                BatchPlan.Epoch(Lengths, BatchOrder.Bucketed, 32, seed: 1, epoch).ToList().FindIndex(b => b.Contains(longest)));
        Assert.That(places.Distinct().Count(), Is.GreaterThan(5));
    }

    [TestCase("SST-2")]
    [TestCase("STS-B")]
    [TestCase("MRPC")]
    public void Epoch_Bucketed_PadsUnderATenth(string name)
    {
        var task = GlueTasks.Parse(name);
        var source = task.Name == "MRPC" ? GlueFiles.RequireDistribution() : GlueFiles.Embedded();
        var encoded = Encoder.Encode(source.Load(task, GlueSplit.Train), GlueFiles.Tokenizer(), maxLength: 128);
        var lengths = encoded.Examples.Select(e => e.InputIds.Length).ToArray();
        var share = BatchPlan.PaddingShare(lengths, BatchPlan.Epoch(lengths, BatchOrder.Bucketed, 32, seed: 1, epoch: 0));
        TestContext.Out.WriteLine($"{task}: {share:P1} padding");
        Assert.That(share, Is.GreaterThan(0).And.LessThan(0.1));
    }

    [Test]
    public void PaddingShare_KnownLengths_CountsTheEmptyPlaces() =>
        Assert.That(BatchPlan.PaddingShare([4, 2, 3], [[0, 1], [2]]), Is.EqualTo(1 - 9.0 / 11).Within(1e-12));

    [Test]
    public void Collate_RowsOfDifferentLength_PadsToTheLongest()
    {
        using var scope = torch.NewDisposeScope();
        var data = new EncodedDataset(GlueTasks.Rte, [new(0, [101, 7, 102, 8, 102], 3, 1), new(1, [101, 102, 102], 2, float.NaN)], "");
        var batch = GlueBatch.Collate(data, [1, 0], torch.CPU);
        Assert.Multiple(() =>
        {
            Assert.That(batch.Tokens.InputIds.shape, Is.EqualTo(new long[] { 2, 5 }));
            Assert.That(batch.Tokens.InputIds.data<long>().ToArray(), Is.EqualTo(new long[] { 101, 102, 102, 0, 0, 101, 7, 102, 8, 102 }));
            Assert.That(batch.Tokens.TokenTypeIds.data<long>().ToArray(), Is.EqualTo(new long[] { 0, 0, 1, 0, 0, 0, 0, 0, 1, 1 }));
            Assert.That(batch.Tokens.AttentionMask.data<long>().ToArray(), Is.EqualTo(new long[] { 1, 1, 1, 0, 0, 1, 1, 1, 1, 1 }));
            Assert.That(batch.Labels.data<long>().ToArray(), Is.EqualTo(new long[] { GlueBatch.HiddenClass, 1 }));
            Assert.That(batch.Rows, Is.EqualTo(new[] { 1, 0 }));
        });
    }

    [TestCase(7, 7)]
    [TestCase(5, 5)]
    [TestCase(4, 5)]
    public void Collate_LeastLength_IsReachedAndCutsNothing(int least, int expected)
    {
        using var scope = torch.NewDisposeScope();
        var data = new EncodedDataset(GlueTasks.Rte, [new(0, [101, 7, 102, 8, 102], 3, 1)], "");
        var tokens = GlueBatch.Collate(data, [0], torch.CPU, least).Tokens;
        long[] Filled(params long[] values) => [.. values, .. Enumerable.Repeat(0L, expected - values.Length)];
        Assert.That(tokens.InputIds.data<long>().ToArray(), Is.EqualTo(Filled(101, 7, 102, 8, 102)));
        Assert.That(tokens.TokenTypeIds.data<long>().ToArray(), Is.EqualTo(Filled(0, 0, 0, 1, 1)));
        Assert.That(tokens.AttentionMask.data<long>().ToArray(), Is.EqualTo(Filled(1, 1, 1, 1, 1)));
    }

    [Test]
    public void Collate_Regression_KeepsScores()
    {
        using var scope = torch.NewDisposeScope();
        var data = new EncodedDataset(GlueTasks.Stsb, [new(0, [101, 102], 2, 2.5f)], "");
        var labels = GlueBatch.Collate(data, [0], torch.CPU).Labels;
        Assert.That(labels.dtype, Is.EqualTo(torch.ScalarType.Float32));
        Assert.That(labels.data<float>().ToArray(), Is.EqualTo(new[] { 2.5f }));
    }
}
