namespace Replication.Training;

/// <summary>
/// The learning rate of each step as a share of the peak: a linear rise from 0, then a linear fall to 0 or a constant.
/// The first step always has rate 0 if there is a warm-up, in PyTorch's schedules as in BertAdam.
/// </summary>
public static class LearningRateSchedule
{
    // Products such as 0.1 * 70 lie a hair above the whole number that is meant.
    private const double Rounding = 1e-6;

    /// <summary>The factor of a step.</summary>
    /// <param name="recipe">Schedule and warm-up proportion; the optimizer, since BertAdam brings its own warm-up.</param>
    /// <param name="step">Step, from 0.</param>
    /// <param name="totalSteps">Steps of the whole schedule, N.</param>
    /// <remarks>
    /// AdamW follows transformers' get_linear_schedule_with_warmup (or ..constant..): w = proportion N rounded up,
    /// then i / w and (N - i) / (N - w). BertAdam counts in shares x = i / N and does not round:
    /// x / proportion and (x - 1) / (proportion - 1).
    /// </remarks>
    public static double Factor(TrainingRecipe recipe, long step, long totalSteps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(totalSteps);
        var warmup = recipe.WarmupProportion * totalSteps;
        if (recipe.Optimizer == OptimizerKind.AdamW)
            warmup = Math.Ceiling(warmup - Rounding);
        if (step < warmup)
            return step / warmup;
        return recipe.Schedule switch
        {
            ScheduleKind.Constant => 1,
            ScheduleKind.Linear => step < totalSteps ? (totalSteps - step) / (totalSteps - warmup) : 0,
            _ => throw new ArgumentOutOfRangeException(nameof(recipe), recipe.Schedule, "unknown schedule"),
        };
    }
}
