using Replication.Bert;
using TorchSharp.Modules;

namespace Replication.Training;

/// <summary>Makes the optimizer that a recipe names.</summary>
public static class Optimizers
{
    /// <summary>Creates an optimizer with fresh moments.</summary>
    /// <param name="recipe">Kind, betas, epsilon, weight decay; for all but AdamW also the largest norm of gradients.</param>
    /// <param name="parameters">The model's named_parameters(); frozen ones are left out. Not owned.</param>
    /// <param name="words">Holds the gradient of the word vectors by rows; null for a gradient as large as their table.</param>
    public static IOptimizer Create(
        TrainingRecipe recipe, IEnumerable<(string Name, Parameter Value)> parameters, WordRows? words = null) =>
        recipe.Optimizer switch
        {
            OptimizerKind.AdamW => new AdamW(recipe, parameters, words: words),
            OptimizerKind.BertAdam or OptimizerKind.FusedAdam => new BertAdam(recipe, parameters, words: words),
            _ => throw new ArgumentOutOfRangeException(nameof(recipe), recipe.Optimizer, "unknown optimizer"),
        };

    /// <summary>Whether weight decay applies: to everything but biases and LayerNorm.</summary>
    public static bool Decays(string parameterName) =>
        !parameterName.EndsWith("bias", StringComparison.Ordinal) && !parameterName.Contains("LayerNorm", StringComparison.Ordinal);
}
