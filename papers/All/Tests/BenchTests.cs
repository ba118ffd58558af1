using Replication.Bench;
using Replication.Bert;
using Replication.Measurements;

namespace Replication.All.Tests;

public sealed class BenchTests
{
    private static readonly BertConfig Tiny =
        new() { VocabSize = 100, HiddenSize = 32, NumHiddenLayers = 2, NumAttentionHeads = 2, IntermediateSize = 64 };

    [Test]
    public void All_Rows_HaveNamesOfTheirOwnAndOneTarget()
    {
        var rows = BenchRows.All.Select(row => row.Row).ToList();

        Assert.That(rows.Select(row => row.Id), Is.Unique);
        Assert.That(rows.Select(row => (row.AtLeast is null) != (row.AtMost is null)), Has.All.True);
    }

    [TestCase(StepMeasure.ShareOfYardstick, 25.0)]
    [TestCase(StepMeasure.TimesProducts, 4.0)]
    [TestCase(StepMeasure.TimesBeside, 2.0)]
    [TestCase(StepMeasure.FasterThanBeside, 0.5)]
    public void Value_OfAMeasure_IsWhatItSays(int measure, double expected)
    {
        // A yardstick of 1 s at its own rate, a step of 2 s with half a yardstick's operations, 1 s beside it.
        var value = StepTiming.Value((StepMeasure)measure, Yardstick.Flops / 2, own: 2, product: 1, beside: 1);

        Assert.That(value, Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void Bytes_OfASmallModel_AreThoseOfItsTensors()
    {
        // Two layers of 10 x 32 + 2 x 64 + 3 x 2 x 5 numbers a token, 2 x 32 in the embeddings, 15 tokens, four copies of 1,000 weights.
        Assert.That(
            TrainingMemory.Bytes(Tiny, 1000, batch: 3, length: 5), Is.EqualTo(4 * ((4 * 1000) + (15 * ((2 * (320 + 128 + 30)) + 64)))));
    }

    [Test]
    public void Random_Batch_HasNoPaddingAndTheFlopsOfItsRows()
    {
        var rows = TimedRows.Random(Tiny.VocabSize, new SpeedProtocol { BatchSize = 3, Length = 5 });

        Assert.That(rows.Batches.Single(), Is.EqualTo(new[] { 0, 1, 2 }));
        Assert.That(rows.Length(0), Is.EqualTo(5));
        Assert.That(rows.ForwardFlops(Tiny), Is.EqualTo(3.0 * ModelSize.Flops(Tiny, 5)));
    }
}
