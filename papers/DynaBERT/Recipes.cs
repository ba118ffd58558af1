using Replication.Bert;
using Replication.Training;

namespace Replication.DynaBERT;

/// <summary>How teachers and networks are trained. The loss is apart, in <see cref="DistillationLoss"/>.</summary>
public static class Recipes
{
    /// <summary>
    /// quick and small: as the authors train, without warm-up and decay, but for some hundred steps a stage, and so at five times
    /// their rate, which is twice that of the small teacher.
    /// </summary>
    public static TrainingRecipe Small => Paper with { LearningRate = 1e-4 };

    /// <summary>
    /// A stage of the paper profile: the best of ten evaluations an epoch is kept. The authors' program chooses so too, by the sum
    /// of the sub-networks' scores on the dev set, every so many steps.
    /// </summary>
    public static TrainingRecipe PaperStage => Paper with { KeepsBest = true, EvaluationsPerEpoch = 10 };

    /// <summary>The authors': AdamW at 2e-5, batch 32, 3 epochs a stage, at most 128 tokens, linear to zero, no warm-up, no decay, norm 1.</summary>
    public static TrainingRecipe Paper => new() { LearningRate = 2e-5, WeightDecay = 0, WarmupProportion = 0, Precision = Precision.Bf16 };
}
