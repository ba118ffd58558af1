using Replication.Claims;
using static Replication.Tests.Claims.ClaimSamples;

namespace Replication.Tests.Claims;

public sealed class VerdictRuleTests
{
    [TestCase(ClaimKind.Score, 90.0, Verdict.Reproduced)]
    [TestCase(ClaimKind.Score, 91.0, Verdict.Reproduced)]
    [TestCase(ClaimKind.Score, 91.01, Verdict.Above)]
    [TestCase(ClaimKind.Score, 89.0, Verdict.Reproduced)]
    [TestCase(ClaimKind.Score, 88.99, Verdict.Below)]
    [TestCase(ClaimKind.Size, 91.0, Verdict.Reproduced)]
    [TestCase(ClaimKind.Size, 91.01, Verdict.Below)]
    [TestCase(ClaimKind.Size, 88.99, Verdict.Below)]
    [TestCase(ClaimKind.Agreement, 91.0, Verdict.Reproduced)]
    [TestCase(ClaimKind.Agreement, 91.01, Verdict.Above)]
    [TestCase(ClaimKind.Agreement, 88.99, Verdict.Below)]
    public void Against_DeviationFromPublished_GivesVerdict(ClaimKind kind, double measured, Verdict expected)
    {
        var outcome = VerdictRule.Against(Of(kind, 90, Within(1)), Measured(measured));
        Assert.That(outcome.Verdict, Is.EqualTo(expected), outcome.Reason);
    }

    [TestCase(0.8, 0.7, 0.1)]
    [TestCase(66.5, 66.45, 0.05)]
    [TestCase(66.5, 66.55, 0.05)]
    public void Against_ExactlyAtTolerance_IsReproduced(double published, double measured, double tolerance) =>
        Assert.That(VerdictRule.Against(Of(ClaimKind.Score, published, Within(tolerance)), Measured(measured)).Verdict,
            Is.EqualTo(Verdict.Reproduced));

    [TestCase(2.0, 1.75, Verdict.Reproduced)]
    [TestCase(2.0, 1.74, Verdict.Below)]
    [TestCase(2.0, 2.26, Verdict.Above)]
    [TestCase(1.6, 2.0, Verdict.Above)]
    [TestCase(1.6, 1.7, Verdict.Reproduced)]
    public void Against_SpeedWithRelativeTolerance_UsesShareOfThePublishedGain(double published, double ratio, Verdict expected)
    {
        var measured = new Measurement(ratio, 0.01, [], "128 x 128");
        Assert.That(VerdictRule.Against(Of(ClaimKind.Speed, published, Within(0.25, relative: true)), measured).Verdict,
            Is.EqualTo(expected));
    }

    [Test]
    public void Against_SpeedWhoseTimingsVaryByMoreThanTheTolerance_IsInconclusive()
    {
        var outcome = VerdictRule.Against(Of(ClaimKind.Speed, 2, Within(0.1, relative: true)), Measured(2));
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(outcome.Reason, Does.Contain("The timings vary by 0.4").And.Contain("more than the tolerance of 0.1"));
    }

    [Test]
    public void Against_SizeOff_SaysThatEitherWayCounts()
    {
        var outcome = VerdictRule.Against(Of(ClaimKind.Size, 66.5, Within(0.05)), Measured(67.5));
        Assert.That(outcome.Reason,
            Is.EqualTo("1 points over the published number, more than the tolerance of 0.05 points; a size has to be exact either way."));
    }

    [TestCase(92, "2 points over")]
    [TestCase(88, "2 points under")]
    public void Against_AgreementOff_SaysThatEitherWayCounts(double measured, string difference) => Assert.That(
        VerdictRule.Against(Of(ClaimKind.Agreement, 90, Within(1)), Measured(measured)).Reason,
        Is.EqualTo($"{difference} the published number, more than the tolerance of 1 points; two runs of one recipe have to agree "
            + $"either way."));

    [Test]
    public void Against_PercentAndRatioOff_NamesDifferenceAsReadersDo()
    {
        var score = Of(ClaimKind.Score, 92, Within(1.5)) with { Unit = "%" };
        Assert.That(VerdictRule.Against(score, Measured(94.1)).Reason,
            Is.EqualTo("2.1 points over the published number, more than the tolerance of 1.5 points."));
        Assert.That(VerdictRule.Against(Of(ClaimKind.Speed, 2, Within(0.25, relative: true)), Measured(1.9) with { Spread = 0.01 }).Reason,
            Is.EqualTo("0.1× under the published number, within the tolerance of 0.25×."));
    }

    [Test]
    public void Against_PublishedFromMemory_IsNotComparable()
    {
        var claim = Of(ClaimKind.Score, 90, Within(1)) with { Confidence = Confidence.Memory };
        Assert.That(VerdictRule.Against(claim, Measured(90)).Verdict, Is.EqualTo(Verdict.NotComparable));
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void Against_MeasuredUndefined_IsNotComparable(double value) =>
        Assert.That(VerdictRule.Against(Of(ClaimKind.Score, 90, Within(1)), Measured(value)).Verdict, Is.EqualTo(Verdict.NotComparable));

    [TestCase(0.26, true)]
    [TestCase(0.6, false)]
    [TestCase(-0.1, true)]
    public void Against_SpeedToleranceOutOfRange_Throws(double tolerance, bool relative) =>
        Assert.Throws<ReplicationException>(() => VerdictRule.Against(Of(ClaimKind.Speed, 2, Within(tolerance, relative)), Measured(2)));

    [Test]
    public void Against_ToleranceWithoutReason_Throws() =>
        Assert.Throws<ReplicationException>(() => VerdictRule.Against(Of(ClaimKind.Score, 90, new Tolerance(1, false, " ")), Measured(90)));

    [Test]
    public void Against_NoPublishedNumber_Throws() =>
        Assert.Throws<ReplicationException>(() => VerdictRule.Against(Of(ClaimKind.Score, null, Within(1)), Measured(90)));

    [Test]
    public void NotRun_WithoutReason_Throws() =>
        Assert.Throws<ArgumentException>(() => VerdictRule.NotRun(Of(ClaimKind.Order), " "));
}
