using TorchSharp.Modules;

namespace Replication.Training;

/// <summary>Makes the optimizer that a recipe names.</summary>
public static class Optimizers
{
    /// <summary>Creates an optimizer with fresh moments.</summary>
    /// <param name="recipe">Kind, betas, epsilon, weight decay; for BertAdam also the largest norm of a parameter's gradient.</param>
    /// <param name="parameters">The model's named_parameters(); frozen ones are left out. Not owned.</param>
    public static IOptimizer Create(TrainingRecipe recipe, IEnumerable<(string Name, Parameter Value)> parameters) =>
        recipe.Optimizer switch
        {
            OptimizerKind.AdamW => new AdamW(recipe, parameters),
            OptimizerKind.BertAdam => new BertAdam(recipe, parameters),
            _ => throw new ArgumentOutOfRangeException(nameof(recipe), recipe.Optimizer, "unknown optimizer"),
        };

    /// <summary>Whether weight decay applies: to everything but biases and LayerNorm.</summary>
    public static bool Decays(string parameterName) =>
        !parameterName.EndsWith("bias", StringComparison.Ordinal) && !parameterName.Contains("LayerNorm", StringComparison.Ordinal);
}
