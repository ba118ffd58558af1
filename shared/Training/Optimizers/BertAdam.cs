using Replication.Bert;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.Training;

/// <summary>
/// The optimizer of the original BERT code: p -= lr (m / (sqrt(v) + eps) + wd p), moments without bias correction,
/// and each parameter's gradient clipped by its own norm, so no clipping of the total norm goes before it.
/// That code's epsilon is 1e-6 (the recipe's to say) and its schedule is <see cref="LearningRateSchedule"/>'s for BertAdam. As
/// <see cref="OptimizerKind.FusedAdam"/> it clips by two norms instead, of all that decays and of the rest.
/// </summary>
public sealed class BertAdam : AdamOptimizer
{
    private readonly double? _maxGradNorm;
    private readonly bool _clipsByGroup;

    /// <summary>Creates fresh moments.</summary>
    /// <param name="recipe">Betas, epsilon, weight decay and the largest gradient norm of a parameter.</param>
    /// <param name="parameters">Named parameters; frozen ones are left out.</param>
    /// <param name="fused">Whether to use libtorch's fused kernel; null: where the device has one.</param>
    /// <param name="words">Holds the gradient of the word vectors by rows; null for a gradient as large as their table.</param>
    public BertAdam(
        TrainingRecipe recipe, IEnumerable<(string Name, Parameter Value)> parameters, bool? fused = null, WordRows? words = null)
        : base(recipe, parameters, fused, words) =>
        (_maxGradNorm, _clipsByGroup) = (recipe.MaxGradNorm, recipe.Optimizer == OptimizerKind.FusedAdam);

    // At t = infinity both bias corrections 1 - beta^t are 1; with them gone AdamW's update is BertAdam's.
    private protected override Tensor CreateStepCount(string name, Device device) =>
        full([], double.PositiveInfinity, dtype: ScalarType.Float32, device: device).DetachFromDisposeScope();

    private protected override void BeforeUpdate(Tensor[] gradients, Tensor[] steps, bool[] decays)
    {
        if (_maxGradNorm is not { } maxNorm)
            return;
        if (!_clipsByGroup)
        {
            GradientClipping.ClipEachNorm(gradients, maxNorm);
            return;
        }
        foreach (var group in gradients.Zip(decays).GroupBy(pair => pair.Second, pair => pair.First))
            GradientClipping.ClipNorm([.. group], maxNorm);
    }
}
