using Replication.Studies;

namespace Replication.Tests.Studies;

public sealed class SubNetworkBudgetTests
{
    private static readonly SubNetworkCost[] Costs =
    [
        new(1, 1, "accuracy", 0.90, 20_000_000, 3_000_000_000, 0.040),
        new(0.5, 1, "accuracy", 0.89, 16_000_000, 1_500_000_000, 0.020),
        new(0.5, 0.5, "accuracy", 0.89, 14_000_000, 800_000_000, 0.011),
        new(0.25, 0.5, "accuracy", 0.85, 13_000_000, 400_000_000, 0.007),
    ];

    [TestCase(0.05, 1.0)]
    [TestCase(0.02, 0.5)]
    [TestCase(0.01, 0.25)]
    public void Choose_Latency_IsTheBestThatMeetsIt(double seconds, double width) =>
        Assert.That(new SubNetworkBudget { Seconds = seconds }.Choose(Costs).Width, Is.EqualTo(width));

    [Test]
    public void Choose_EqualScores_IsTheSmaller() =>
        Assert.That(new SubNetworkBudget { Seconds = 0.02 }.Choose(Costs).Depth, Is.EqualTo(0.5));

    [Test]
    public void Choose_SeveralLimits_MeetsThemAll() =>
        Assert.That(new SubNetworkBudget { Parameters = 15e6, Flops = 500e6, MemoryBytes = 60e6 }.Choose(Costs).Width, Is.EqualTo(0.25));

    [Test]
    public void Choose_LimitThatNothingMeets_NamesTheNearest() => Assert.That(
        () => new SubNetworkBudget { Seconds = 0.001 }.Choose(Costs),
        Throws.TypeOf<ReplicationException>().With.Message.Contains("width 0.25, depth 0.5").And.Message.Contains("7.0 ms"));

    [Test]
    public void Choose_NoLimit_IsRefused() =>
        Assert.That(() => new SubNetworkBudget().Choose(Costs), Throws.TypeOf<ReplicationException>());

    [Test]
    public void Choose_LatencyThatWasNotMeasured_IsRefused() => Assert.That(
        () => new SubNetworkBudget { Seconds = 1 }.Choose([Costs[0] with { Seconds = null }]),
        Throws.TypeOf<ReplicationException>().With.Message.Contains("not measured"));
}
