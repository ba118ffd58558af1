using static TorchSharp.torch;
using CompilationUnit = TorchSharp.torch.jit.CompilationUnit;

namespace Replication.Training;

/// <summary>
/// Updates of some rows of a table, in TorchScript, where one call serves many updates. Numbers travel as in
/// <see cref="TensorListScript"/>.
/// </summary>
internal static class RowScript
{
    // The parser wants a newline at the end.
    private const string Source = """
        def update(p: Tensor, m: Tensor, v: Tensor, rows: Tensor, g: Tensor, count: Tensor, numbers: Tensor):
            lr, beta1, beta2 = float(numbers[0]), float(numbers[1]), float(numbers[2])
            eps, decay = float(numbers[3]), float(numbers[4])
            a, b, c = p.index_select(0, rows), m.index_select(0, rows), v.index_select(0, rows)
            torch._fused_adamw_([a], [g], [b], [c], [], [count], lr=lr, beta1=beta1, beta2=beta2,
                                weight_decay=decay, eps=eps, amsgrad=False, maximize=False)
            p.index_copy_(0, rows, a)
            m.index_copy_(0, rows, b)
            v.index_copy_(0, rows, c)

        def replay(p: Tensor, m: Tensor, v: Tensor, rows: Tensor, zeros: Tensor, firsts: Tensor, rates: Tensor, done: Tensor,
                   numbers: Tensor):
            beta1, beta2 = float(numbers[1]), float(numbers[2])
            eps, decay = float(numbers[3]), float(numbers[4])
            a, b, c = p.index_select(0, rows), m.index_select(0, rows), v.index_select(0, rows)
            for i in range(rates.size(0)):
                n = int(firsts[i])
                torch._fused_adamw_([a[:n]], [zeros[:n]], [b[:n]], [c[:n]], [], [done + (i + 1)], lr=float(rates[i]),
                                    beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False)
            p.index_copy_(0, rows, a)
            m.index_copy_(0, rows, b)
            v.index_copy_(0, rows, c)

        def shrink(p: Tensor, rows: Tensor, firsts: Tensor, factors: Tensor):
            a = p.index_select(0, rows)
            for i in range(factors.size(0)):
                a[:int(firsts[i])].mul_(float(factors[i]))
            p.index_copy_(0, rows, a)

        """;

    private static readonly Lazy<CompilationUnit> Unit = new(() => jit.compile(Source));

    /// <summary>One AdamW update of rows that have a gradient.</summary>
    /// <param name="tensors">The table and its moments.</param>
    /// <param name="rows">int64 [rows].</param>
    /// <param name="gradient">[rows, width].</param>
    /// <param name="count">The number of the update, float32 [].</param>
    /// <param name="learningRate">Its rate.</param>
    /// <param name="settings">Constants of Adam.</param>
    /// <param name="weightDecay">Decay of the table.</param>
    public static void Step(
        RowTensors tensors, Tensor rows, Tensor gradient, Tensor count, double learningRate, AdamSettings settings, double weightDecay)
    {
        using var numbers = Numbers(learningRate, settings, weightDecay);
        Unit.Value.invoke("update", tensors.Table, tensors.FirstMoment, tensors.SecondMoment, rows, gradient, count, numbers);
    }

    /// <summary>Several updates, one after the other, each of the first rows, with gradients of 0.</summary>
    /// <param name="tensors">The table and its moments.</param>
    /// <param name="rows">int64 [rows].</param>
    /// <param name="zeros">As many rows of zeros, or more.</param>
    /// <param name="firsts">By update, how many rows it concerns.</param>
    /// <param name="rates">By update, its learning rate.</param>
    /// <param name="done">Updates before the first.</param>
    /// <param name="settings">Constants of Adam.</param>
    /// <param name="weightDecay">Decay of the table.</param>
    public static void Replay(
        RowTensors tensors, Tensor rows, Tensor zeros, long[] firsts, double[] rates, double done, AdamSettings settings,
        double weightDecay)
    {
        using var scope = NewDisposeScope();
        Unit.Value.invoke(
            "replay", tensors.Table, tensors.FirstMoment, tensors.SecondMoment, rows, zeros, tensor(firsts), tensor(rates),
            tensor((float)done), Numbers(0, settings, weightDecay));
    }

    /// <summary>Several multiplications, one after the other, each of the first rows.</summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">int64 [rows].</param>
    /// <param name="firsts">By multiplication, how many rows it concerns.</param>
    /// <param name="factors">By multiplication, by what.</param>
    public static void Decay(Tensor table, Tensor rows, long[] firsts, double[] factors)
    {
        using var scope = NewDisposeScope();
        Unit.Value.invoke("shrink", table, rows, tensor(firsts), tensor(factors));
    }

    private static Tensor Numbers(double learningRate, AdamSettings settings, double weightDecay) =>
        tensor([learningRate, settings.Beta1, settings.Beta2, settings.Epsilon, weightDecay], ScalarType.Float64);
}

/// <summary>A table with its moments, all of one shape.</summary>
internal sealed record RowTensors(Tensor Table, Tensor FirstMoment, Tensor SecondMoment);
