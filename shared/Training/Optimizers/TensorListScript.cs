using static TorchSharp.torch;
using CompilationUnit = TorchSharp.torch.jit.CompilationUnit;

namespace Replication.Training;

/// <summary>
/// Operations over lists of tensors that libtorch has but TorchSharp does not bind. They are reached through TorchScript,
/// where one call serves a whole model instead of one a tensor. Numbers travel as a float64 tensor: TorchSharp's Scalar
/// arguments may be collected, and their memory freed, before libtorch reads them.
/// </summary>
internal static class TensorListScript
{
    // The step counts come in as tensors because the fused kernel reads them on its own device. The parser wants a newline at the end.
    private const string Source = """
        def norms(tensors: List[Tensor]) -> Tensor:
            return torch.stack(torch._foreach_norm(tensors, 2.0))

        def scale(tensors: List[Tensor], number: Tensor):
            torch._foreach_mul_(tensors, float(number))

        def add(tensors: List[Tensor], number: Tensor):
            torch._foreach_add_(tensors, float(number))

        def adamw_fused(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], steps: List[Tensor],
                        numbers: Tensor):
            lr, beta1, beta2 = float(numbers[0]), float(numbers[1]), float(numbers[2])
            eps, decay = float(numbers[3]), float(numbers[4])
            torch._fused_adamw_(p, g, m, v, [], steps, lr=lr, beta1=beta1, beta2=beta2,
                                weight_decay=decay, eps=eps, amsgrad=False, maximize=False)

        def adamw_plain(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], steps: List[Tensor],
                        numbers: Tensor):
            lr, beta1, beta2 = float(numbers[0]), float(numbers[1]), float(numbers[2])
            eps, decay = float(numbers[3]), float(numbers[4])
            for i in range(len(p)):
                t = float(steps[i])
                p[i].mul_(1.0 - lr * decay)
                m[i].lerp_(g[i], 1.0 - beta1)
                v[i].mul_(beta2).addcmul_(g[i], g[i], value=1.0 - beta2)
                denominator = v[i].sqrt().div_((1.0 - beta2 ** t) ** 0.5).add_(eps)
                p[i].addcdiv_(m[i], denominator, value=-lr / (1.0 - beta1 ** t))

        """;

    private static readonly Lazy<CompilationUnit> Unit = new(() => jit.compile(Source));

    /// <summary>Euclidean norm of each tensor, [tensors].</summary>
    public static Tensor Norms(Tensor[] tensors) => Unit.Value.invoke<Tensor>("norms", [tensors]);

    /// <summary>Multiplies each tensor in place.</summary>
    public static void Scale(Tensor[] tensors, double factor) => Invoke("scale", factor, tensors);

    /// <summary>Adds a number to each tensor in place.</summary>
    public static void Add(Tensor[] tensors, double number) => Invoke("add", number, tensors);

    /// <summary>
    /// One AdamW update of each parameter in place; a step count of infinity switches bias correction off, since beta^infinity is 0.
    /// </summary>
    public static void AdamW(AdamLists lists, double learningRate, AdamSettings settings, double weightDecay, bool fused)
    {
        using var numbers = tensor([learningRate, settings.Beta1, settings.Beta2, settings.Epsilon, weightDecay], ScalarType.Float64);
        Unit.Value.invoke(
            fused ? "adamw_fused" : "adamw_plain",
            lists.Parameters, lists.Gradients, lists.FirstMoments, lists.SecondMoments, lists.Steps, numbers);
    }

    private static void Invoke(string name, double number, Tensor[] tensors)
    {
        using var numbers = tensor([number], ScalarType.Float64);
        Unit.Value.invoke(name, tensors, numbers);
    }
}

/// <summary>What an update reads and writes, position by position.</summary>
internal sealed record AdamLists(Tensor[] Parameters, Tensor[] Gradients, Tensor[] FirstMoments, Tensor[] SecondMoments, Tensor[] Steps);

/// <summary>The constants of Adam: decay of the two moments, and what is added to the root of the second.</summary>
internal readonly record struct AdamSettings(double Beta1, double Beta2, double Epsilon);
