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

    // Committed runs were trained with the sum written out, in this order or the other.
    [Test]
    public void Backward_TermsOfSharedLogits_HaveTheBitsOfTheSumWrittenOut()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1);
        Tensor Drawn(long height, long width) => randn([height, width], generator: random);
        var (rows, weights, taught) = (Drawn(8, 16), Drawn(16, 4), Drawn(8, 4));
        var labels = arange(8) % 4;
        float[] Gradient(Action<Tensor, Tensor> backward)
        {
            using var leaf = weights.clone().requires_grad_(true);
            var logits = rows.mm(leaf);
            backward(nn.functional.cross_entropy(logits, labels), new SoftTargets { Temperature = 2 }.Loss(logits, taught));
            return leaf.grad!.data<float>().ToArray();
        }
        var here = Gradient((hard, soft) => WeightedTerms.Backward(("hard", 0.3, hard), ("soft", 0.7, soft)));
        Assert.That(here, Is.EqualTo(Gradient((hard, soft) => ((hard * 0.3) + (soft * 0.7)).backward())));
        Assert.That(here, Is.EqualTo(Gradient((hard, soft) => ((soft * 0.7) + (hard * 0.3)).backward())));
    }

    [Test]
    public void Backward_NoTerm_IsRefused() =>
        Assert.That(() => WeightedTerms.Backward(), Throws.ArgumentException.With.Message.Contains("no term"));
}
