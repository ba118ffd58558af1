using Replication.Bert;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.Training;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", algorithm 2), as PyTorch has it:
/// p -= lr wd p, then p -= lr m' / (sqrt(v') + eps) with m' = m / (1 - beta1^t) and v' = v / (1 - beta2^t).
/// t counts the updates of each parameter and is part of the state ("step." and the name).
/// </summary>
public sealed class AdamW : AdamOptimizer
{
    /// <summary>Creates fresh moments.</summary>
    /// <param name="recipe">Betas, epsilon and weight decay; clipping is the caller's.</param>
    /// <param name="parameters">Named parameters; frozen ones are left out.</param>
    /// <param name="fused">Whether to use libtorch's fused kernel; null: where the device has one.</param>
    /// <param name="words">Holds the gradient of the word vectors by rows; null for a gradient as large as their table.</param>
    public AdamW(
        TrainingRecipe recipe, IEnumerable<(string Name, Parameter Value)> parameters, bool? fused = null, WordRows? words = null)
        : base(recipe, parameters, fused, words)
    {
    }

    private protected override Tensor CreateStepCount(string name, Device device) =>
        Remember("step." + name, zeros([], dtype: ScalarType.Float32, device: device));

    private protected override void BeforeUpdate(Tensor[] gradients, Tensor[] steps, bool[] decays) => TensorListScript.Add(steps, 1);
}
