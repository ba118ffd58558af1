using Replication.Bert;
using Replication.Training;

namespace Replication.Studies;

/// <summary>Recipes that several papers share, so that they share the runs too.</summary>
public static class StandardRecipes
{
    /// <summary>
    /// Profiles quick, small and reference fine-tune teachers, and students on labels, so: AdamW 5e-5, batch 32, 3 epochs, at most 128
    /// tokens; scored twice an epoch, on dev and on 500 training rows. Matrix products in bf16: two to three times as fast, and the scores
    /// hold (Patient-KD's profile reference).
    /// </summary>
    public static TrainingRecipe SmallTeacher { get; } =
        new() { Precision = Precision.Bf16, EvaluationsPerEpoch = 2, TrainSampleRows = 500 };

    /// <summary>
    /// The Hugging Face example for GLUE as its README runs it, for papers whose authors use it: AdamW at 2e-5, batch 32, 3 epochs, at
    /// most 128 tokens, linear to zero, no warm-up, no decay, norm 1.
    /// </summary>
    public static TrainingRecipe Example { get; } =
        new() { LearningRate = 2e-5, WeightDecay = 0, WarmupProportion = 0, Precision = Precision.Bf16 };
}
