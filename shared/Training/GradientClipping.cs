using Replication.Bert;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.Training;

/// <summary>Scales gradients whose Euclidean norm is too large by maxNorm / (norm + 1e-6), as PyTorch does.</summary>
public static class GradientClipping
{
    private const double Guard = 1e-6;

    /// <summary>Clips the norm over all gradients together.</summary>
    /// <param name="parameters">The model's parameters; those without a gradient count for nothing.</param>
    /// <param name="maxNorm">Largest norm; positive infinity only measures.</param>
    /// <param name="words">Holds the gradient of one of them by rows; null for none.</param>
    /// <returns>The norm before clipping. One that is not finite leaves the gradients as they are.</returns>
    public static double ClipTotalNorm(IEnumerable<Parameter> parameters, double maxNorm, WordRows? words = null)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        return ClipNorm([.. parameters.Select(p => words?.IsTable(p) == true ? words.Gradient : p.grad).OfType<Tensor>()], maxNorm);
    }

    /// <summary>Clips the norm over some gradients together.</summary>
    internal static double ClipNorm(Tensor[] gradients, double maxNorm)
    {
        var norm = Math.Sqrt(Norms(gradients).Sum(n => n * n));
        if (double.IsFinite(norm) && Factor(norm, maxNorm) is < 1 and var factor)
            TensorListScript.Scale(gradients, factor);
        return norm;
    }

    /// <summary>Clips each gradient by its own norm.</summary>
    internal static void ClipEachNorm(Tensor[] gradients, double maxNorm)
    {
        using var scope = NewDisposeScope();
        foreach (var (gradient, norm) in gradients.Zip(Norms(gradients)))
        {
            if (Factor(norm, maxNorm) is < 1 and var factor)
                gradient.mul_(factor);
        }
    }

    // One transfer from the device for all tensors.
    private static double[] Norms(Tensor[] gradients) =>
        gradients.Length == 0 ? [] : TensorListScript.Norms(gradients).to(ScalarType.Float64).cpu().data<double>().ToArray();

    private static double Factor(double norm, double maxNorm) => maxNorm / (norm + Guard);
}
