using Replication.Distillation;
using static TorchSharp.torch;

namespace Replication.Tests.Distillation;

[TestFixture]
public sealed class WeightedTermsTests
{
    [Test]
    public void Backward_TwoTerms_HasTheirWeightedSumAndGradient()
    {
        using var scope = NewDisposeScope();
        var x = tensor(3f, requires_grad: true);
        var report = WeightedTerms.Backward(("square", 1, x * x), ("linear", 0.5, x * 4));
        Assert.That(report.Total, Is.EqualTo(9 + (0.5 * 12)));
        Assert.That(report.Terms["square"], Is.EqualTo(9));
        Assert.That(report.Terms["linear"], Is.EqualTo(12), "a term is reported without its weight");
        Assert.That(x.grad!.item<float>(), Is.EqualTo((2 * 3) + (0.5 * 4)));
    }

    [Test]
    public void Backward_NoTerm_IsRefused() =>
        Assert.That(() => WeightedTerms.Backward(), Throws.ArgumentException.With.Message.Contains("no term"));
}
