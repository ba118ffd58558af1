using static TorchSharp.torch;

namespace Replication.Distillation;

/// <summary>
/// The backward pass of a loss that is a sum over rows, a few rows at a time: what loss and gradient need beside the rows themselves
/// then stays in the processor's cache. Each row's gradient is that of one pass over all of them.
/// </summary>
public static class BlockwiseBackward
{
    // Of 30,522 words each, 2 MB.
    private const int BlockRows = 16;

    /// <summary>Propagates a loss back through rows.</summary>
    /// <param name="rows">[rows, width], with a graph behind them.</param>
    /// <param name="backward">
    /// Propagates the loss of a block back, [some rows, width], a leaf; it is told the number of the first row.
    /// </param>
    public static void Run(Tensor rows, Action<Tensor, long> backward)
    {
        using var scope = NewDisposeScope();
        var (values, gradient) = (rows.detach(), empty_like(rows, requires_grad: false));
        for (long first = 0; first < rows.shape[0]; first += BlockRows)
        {
            using var each = NewDisposeScope();
            var count = Math.Min(BlockRows, rows.shape[0] - first);
            var block = values.narrow(0, first, count).requires_grad_(true);
            backward(block, first);
            gradient.narrow(0, first, count).copy_(block.grad!);
        }
        rows.backward([gradient]);
    }

    /// <summary>Propagates a weighted term back.</summary>
    /// <returns>The term without its weight.</returns>
    public static double Term(Tensor term, double weight)
    {
        (term * weight).backward();
        return term.item<float>();
    }
}
