using Replication.Claims;

namespace Replication.Tests.Claims;

/// <summary>
/// A made-up paper of four primary orders, measured again and again with known true differences: how often the rules say something
/// false, and how often they find what is there.
/// </summary>
public sealed class FalseVerdictSimulationTests
{
    private const int Papers = 2000;
    private const double SmallestEffect = 1;

    // Three binomial standard errors of 5 % over the simulated papers.
    private static readonly double Allowed = 0.05 + 3 * Math.Sqrt(0.05 * 0.95 / Papers);

    // True differences in units of a replicate's standard deviation; the smallest effect of interest is 1.
    [TestCase(0.0, 0.0, 0.0, 0.0)]
    [TestCase(1.0, 1.0, 1.0, 1.0)]
    [TestCase(0.0, 0.0, 1.0, 1.0)]
    [TestCase(0.0, 1.0, 3.0, 3.0)]
    [TestCase(0.0, 0.0, 0.0, -1.0)]
    public void Decide_KnownDifferences_SaysFalseThingsInFivePercentOfPapers(double a, double b, double c, double d)
    {
        double[] truth = [a, b, c, d];
        foreach (var replicates in new[] { 5, 8, 20 })
        {
            var random = new RandomStream(7, "simulated papers", replicates);
            var wrong = Enumerable.Range(0, Papers)
                .Count(_ => Decide(truth, replicates, 0.05, random).Zip(truth, IsFalse).Any(isFalse => isFalse));
            Assert.That((double)wrong / Papers, Is.LessThanOrEqualTo(Allowed), $"{string.Join(", ", truth)} over {replicates} replicates");
        }
    }

    [TestCase(0.0)]
    [TestCase(1.0)]
    public void Decide_TwoLooks_SpendTogetherWhatOneMay(double each)
    {
        double[] truth = [each, each, each, each];
        var random = new RandomStream(9, "simulated papers");
        var wrong = 0;
        for (var paper = 0; paper < Papers; paper++)
        {
            double[][] values = [.. truth.Select(t => Values(t, 8, random))];
            var first = Decide([.. values.Select(v => v[..5])], 0.01);
            var last = Decide(values, 0.04);
            if (first.Concat(last).Zip(truth.Concat(truth), IsFalse).Any(isFalse => isFalse))
                wrong++;
        }
        Assert.That((double)wrong / Papers, Is.LessThanOrEqualTo(Allowed));
    }

    [TestCase(1.5, 8)]
    [TestCase(1.2, 12)]
    public void Decide_TrueDifference_IsFoundAsOftenAsThePlanClaims(double effect, int replicates)
    {
        var random = new RandomStream(8, "simulated papers");
        var found = Enumerable.Range(0, Papers).Count(_ => Decide([effect], replicates, 0.05, random)[0].Side > 0);
        Assert.That((double)found / Papers, Is.EqualTo(TTestPower.Of(effect, replicates)).Within(0.025));
    }

    private static IReadOnlyList<OrderDecision> Decide(double[] truth, int replicates, double alpha, RandomStream random) =>
        Decide([.. truth.Select(t => Values(t, replicates, random))], alpha);

    private static IReadOnlyList<OrderDecision> Decide(double[][] values, double alpha) =>
        [.. OrderFamily.Decide(
            [.. values.Select(v => ((ReplicateSample?)new ReplicateSample(v), OrderForm.Superiority, SmallestEffect))], alpha)
            .Select(d => d!)];

    private static double[] Values(double truth, int replicates, RandomStream random) =>
        [.. Enumerable.Range(0, replicates).Select(_ => truth + random.NextNormal())];

    private static bool IsFalse(OrderDecision decision, double truth) => decision switch
    {
        { Side: > 0 } => truth <= 0,
        { Side: < 0 } => truth >= 0,
        { IsSmall: true } => Math.Abs(truth) >= SmallestEffect,
        _ => false,
    };
}
