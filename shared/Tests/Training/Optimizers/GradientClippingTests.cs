using Replication.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.Tests.Training;

public class GradientClippingTests
{
    [Test]
    public void ClipTotalNorm_TooLarge_ScalesAllByTheSameFactor()
    {
        using var scope = NewDisposeScope();
        var parameters = WithGradients([3, 0], [4]);

        var norm = GradientClipping.ClipTotalNorm(parameters, 1);

        Assert.That(norm, Is.EqualTo(5).Within(1e-6));
        Assert.That(Gradients(parameters), Is.EqualTo([0.6f, 0, 0.8f]).Within(1e-6f));
    }

    [Test]
    public void ClipTotalNorm_SmallEnough_ChangesNothing()
    {
        using var scope = NewDisposeScope();
        var parameters = WithGradients([0.3f, 0], [0.4f]);

        var norm = GradientClipping.ClipTotalNorm(parameters, 1);

        Assert.That(norm, Is.EqualTo(0.5).Within(1e-6));
        Assert.That(Gradients(parameters), Is.EqualTo([0.3f, 0, 0.4f]));
    }

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void ClipTotalNorm_NotFinite_IsReturnedAndLeavesGradients(float bad)
    {
        using var scope = NewDisposeScope();
        var parameters = WithGradients([bad, 2], [3]);

        var norm = GradientClipping.ClipTotalNorm(parameters, 1);

        Assert.That(double.IsFinite(norm), Is.False);
        Assert.That(Gradients(parameters), Is.EqualTo([bad, 2, 3]));
    }

    [Test]
    public void ClipTotalNorm_WithoutGradients_IsZero() =>
        Assert.That(GradientClipping.ClipTotalNorm([new Parameter(ones(2))], 1), Is.Zero);

    private static Parameter[] WithGradients(params float[][] gradients) =>
        [.. gradients.Select(g => new Parameter(zeros(g.Length)) { grad = tensor(g) })];

    private static float[] Gradients(Parameter[] parameters) =>
        [.. parameters.SelectMany(p => p.grad!.data<float>().ToArray())];
}
