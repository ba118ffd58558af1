using Replication.Distillation;
using static TorchSharp.torch;

namespace Replication.Tests.Distillation;

public sealed class BlockwiseBackwardTests
{
    // More rows than a block has, and a rest.
    private const long Rows = 40, Width = 24;

    [Test]
    public void Run_SumOverRows_LeavesTheGradientsOfOnePass()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var (inputs, targets) = (randn(Rows, 8), randn(Rows, Width));
        var (blockwise, whole) = (randn(8, Width), zeros(8, Width));
        whole.copy_(blockwise);
        blockwise.requires_grad = whole.requires_grad = true;
        var soft = new SoftTargets { Temperature = 2, Divergence = SoftDivergence.KullbackLeibler, Reduction = Reduction.Sum };

        var sum = 0.0;
        BlockwiseBackward.Run(
            inputs.mm(blockwise),
            (block, first) => sum += BlockwiseBackward.Term(soft.Loss(block, targets.narrow(0, first, block.shape[0])), 0.5));
        var loss = soft.Loss(inputs.mm(whole), targets);
        (loss * 0.5).backward();

        Assert.That(sum, Is.EqualTo(loss.item<float>()).Within(1e-4));
        Assert.That((blockwise.grad! - whole.grad!).abs().max().item<float>(), Is.LessThan(1e-6));
        Assert.That(whole.grad!.abs().max().item<float>(), Is.GreaterThan(0.1));
    }
}
