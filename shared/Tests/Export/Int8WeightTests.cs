using Replication.Export;

namespace Replication.Tests.Export;

public sealed class Int8WeightTests
{
    [Test]
    public void ByOutput_AMatrix_IsTurnedAndNearTheOriginal()
    {
        var weight = new Weight("w", [2, 3], [1, -0.5f, 0.25f, 8, 0, -4]);

        var bytes = Int8Weight.ByOutput(weight);

        Assert.That(bytes.Shape, Is.EqualTo(new long[] { 3, 2 }));
        Assert.That(bytes.Values, Is.EqualTo(new sbyte[] { 64, 64, -32, 0, 16, -32 }));
        Assert.That(bytes.Scales, Is.EqualTo(new[] { 1 / 64f, 8 / 64f }));
        Assert.That(bytes.ColumnSums(), Is.EqualTo(new[] { 0.75f, 4 }).Within(1e-6));
    }

    [Test]
    public void ByOutput_ARowOfZeros_HasNoScaleOfZero() =>
        Assert.That(Int8Weight.ByOutput(new Weight("w", [1, 2], [0, 0])).Scales, Is.EqualTo(new[] { 1f }));

    [Test]
    public void Largest_TwiceWithTheLargestUnsignedByte_FitsIn16Bits() =>
        Assert.That(2 * byte.MaxValue * Int8Weight.Largest, Is.LessThanOrEqualTo(short.MaxValue));
}
