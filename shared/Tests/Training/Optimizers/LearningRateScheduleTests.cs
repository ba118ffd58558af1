using Replication.Training;

namespace Replication.Tests.Training;

public class LearningRateScheduleTests
{
    private static readonly TrainingRecipe Recipe = new() { WarmupProportion = 2.0 / 12 };

    [Test]
    public void Factor_LinearTwelveSteps_RisesForTwoThenFallsToZero()
    {
        var factors = Enumerable.Range(0, 14).Select(i => LearningRateSchedule.Factor(Recipe, i, 12));

        Assert.That(factors, Is.EqualTo([0, 0.5, 1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0, 0]).Within(1e-12));
    }

    [Test]
    public void Factor_Constant_StaysAtPeak()
    {
        var recipe = Recipe with { Schedule = ScheduleKind.Constant };
        var factors = Enumerable.Range(0, 6).Select(i => LearningRateSchedule.Factor(recipe, i, 12));

        Assert.That(factors, Is.EqualTo([0, 0.5, 1, 1, 1, 1]).Within(1e-12));
    }

    [Test]
    public void Factor_NoWarmup_StartsAtPeak([Values] OptimizerKind kind) => Assert.That(
        LearningRateSchedule.Factor(new TrainingRecipe { Optimizer = kind, WarmupProportion = 0 }, 0, 10), Is.EqualTo(1));

    [Test]
    public void Factor_WarmupThatIsNoWholeStep_IsRoundedUpForAdamWOnly()
    {
        var recipe = new TrainingRecipe { WarmupProportion = 0.25 };

        Assert.That(LearningRateSchedule.Factor(recipe, 2, 10), Is.EqualTo(2.0 / 3).Within(1e-12));
        Assert.That(LearningRateSchedule.Factor(recipe with { Optimizer = OptimizerKind.BertAdam }, 2, 10), Is.EqualTo(0.8).Within(1e-12));
    }

    [Test]
    public void Factor_ProportionAHairAboveAWholeStep_IsNotRoundedUp() => Assert.That(
        LearningRateSchedule.Factor(new TrainingRecipe { WarmupProportion = 0.1 }, 7, 70), Is.EqualTo(1));

    [Test]
    public void Factor_WarmupOnly_NeverDividesByZero([Values] OptimizerKind kind)
    {
        var recipe = new TrainingRecipe { Optimizer = kind, WarmupProportion = 1 };

        Assert.That(LearningRateSchedule.Factor(recipe, 9, 10), Is.EqualTo(0.9).Within(1e-12));
        Assert.That(LearningRateSchedule.Factor(recipe, 10, 10), Is.Zero);
    }
}
