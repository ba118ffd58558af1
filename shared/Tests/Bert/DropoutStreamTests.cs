using Replication.Bert;
using static TorchSharp.torch;

namespace Replication.Tests.Bert;

public sealed class DropoutStreamTests
{
    [TestCase(ScalarType.Float32, 0.1)]
    [TestCase(ScalarType.BFloat16, 0.1)]
    [TestCase(ScalarType.Float16, 0.5)]
    public void Apply_ManyElements_DropsTheGivenShareAndScalesTheRest(ScalarType type, double probability)
    {
        using var scope = NewDisposeScope();
        var dropped = Draw(new DropoutStream(3), [1_000_003], type, probability).to(ScalarType.Float32);

        var zeros = dropped.eq(0).sum().item<long>();
        var share = zeros / 1_000_003.0;
        Assert.That(share, Is.EqualTo(probability).Within(4 * Math.Sqrt(probability * (1 - probability) / 1e6)));
        var scale = tensor((float)(1 / (1 - probability)), type).to(ScalarType.Float32).item<float>();
        Assert.That(dropped.max().item<float>(), Is.EqualTo(scale));
        Assert.That(dropped.eq(scale).sum().item<long>(), Is.EqualTo(1_000_003 - zeros));
    }

    [Test]
    public void Apply_SameSeedStepAndCall_SameMask()
    {
        using var scope = NewDisposeScope();
        var first = new DropoutStream(3);
        var second = new DropoutStream(3);
        first.BeginStep(7);
        Draw(first, [100]);
        var expected = Draw(first, [300, 1000]);

        second.BeginStep(6);
        Draw(second, [5]);
        second.BeginStep(7);
        Draw(second, [100]);

        Assert.That(GoldenModel.AreEqual(Draw(second, [300, 1000]), expected), Is.True);
    }

    [Test]
    public void Apply_AnotherSeedStepOrCall_IndependentMask()
    {
        using var scope = NewDisposeScope();
        var stream = new DropoutStream(3);
        stream.BeginStep(1);
        var mask = Draw(stream, [100_000], probability: 0.5);
        var nextCall = Draw(stream, [100_000], probability: 0.5);
        stream.BeginStep(2);
        var nextStep = Draw(stream, [100_000], probability: 0.5);
        var nextSeed = new DropoutStream(4);
        nextSeed.BeginStep(1);
        var otherSeed = Draw(nextSeed, [100_000], probability: 0.5);

        foreach (var other in new[] { nextCall, nextStep, otherSeed })
            Assert.That(mask.eq(other).to(ScalarType.Float32).mean().item<float>(), Is.EqualTo(0.5).Within(0.01));
    }

    [Test]
    public void Apply_LargeMask_BeginsAsASmallOne()
    {
        using var scope = NewDisposeScope();
        var large = Draw(new DropoutStream(3), [2_000_001]);
        var small = Draw(new DropoutStream(3), [1_003]);

        Assert.That(GoldenModel.AreEqual(large[..1_003], small), Is.True);
    }

    [Test]
    public void Apply_NeighbouringElements_AreUncorrelated()
    {
        using var scope = NewDisposeScope();
        var mask = Draw(new DropoutStream(11), [200_000], probability: 0.5).eq(0).to(ScalarType.Float64) - 0.5;

        for (var lag = 1; lag <= 17; lag++)
        {
            var correlation = 4 * (mask[..^lag] * mask[lag..]).mean().item<double>();
            Assert.That(correlation, Is.EqualTo(0).Within(4 / Math.Sqrt(200_000)), $"lag {lag}");
        }
    }

    [Test]
    public void Apply_Gradient_IsTheMask()
    {
        using var scope = NewDisposeScope();
        var input = rand(50, requires_grad: true);

        var output = new DropoutStream(3).Apply(input, 0.3);
        output.sum().backward();

        Assert.That((input * input.grad!).allclose(output), Is.True);
    }

    [Test]
    public void Apply_ProbabilityZero_GivesTheInputBack()
    {
        using var input = ones(3);

        Assert.That(new DropoutStream(3).Apply(input, 0), Is.SameAs(input));
        Assert.That(() => new DropoutStream(3).Apply(input, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static Tensor Draw(DropoutStream stream, long[] shape, ScalarType type = ScalarType.Float32, double probability = 0.1) =>
        stream.Apply(ones(shape, type), probability);
}
