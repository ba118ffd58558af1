using Replication.Claims;
using static Replication.Tests.Claims.ClaimSamples;

namespace Replication.Tests.Claims;

public sealed class OrderVerdictTests
{
    private static readonly TeacherSignal[] Heard = [Signal("SST-2"), Signal("MRPC")];

    [Test]
    public void Order_SixPairsAllInFavour_Agrees()
    {
        var outcome = VerdictRule.Order(Of(ClaimKind.Order), Measured(0.75), Pairs(0.5, 0.7, 0.9, 0.6, 0.8, 1.0), Heard);
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.AgreesAtSmallScale));
        Assert.That(outcome.Reason, Does.Contain("6 pairs").And.Contain("+0.75 points").And.Contain("95 % interval +0.55 to +0.95").And.Contain("p = 0.031"));
    }

    [Test]
    public void Order_SixPairsAllAgainst_Disagrees() =>
        Assert.That(VerdictRule.Order(Of(ClaimKind.Order), Measured(-0.75), Pairs(-0.5, -0.7, -0.9, -0.6, -0.8, -1.0), Heard).Verdict, Is.EqualTo(Verdict.DisagreesAtSmallScale));

    [TestCase(1, Verdict.Reproduced)]
    [TestCase(-1, Verdict.Below)]
    public void Order_WithPublishedTeacher_IsReproducedOrBelow(int sign, Verdict expected)
    {
        var pairs = Pairs([.. new[] { 0.5, 0.7, 0.9, 0.6, 0.8, 1.0 }.Select(v => sign * v)]);
        Assert.That(VerdictRule.Order(Of(ClaimKind.Order), Measured(0), pairs, Heard, publishedTeacher: true).Verdict, Is.EqualTo(expected));
    }

    [Test]
    public void Order_FivePairsHoweverClear_IsInconclusiveAndSaysWhy()
    {
        var outcome = VerdictRule.Order(Of(ClaimKind.Order), Measured(5), Pairs(5, 5.1, 4.9, 5, 5.2), Heard);
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(outcome.Reason, Does.Contain("6 are needed").And.Contain("below 0.063"));
    }

    [Test]
    public void Order_MixedSigns_IsInconclusive() =>
        Assert.That(VerdictRule.Order(Of(ClaimKind.Order), Measured(0.1), Pairs(0.5, -0.7, 0.9, -0.6, 0.8, -0.3), Heard).Verdict, Is.EqualTo(Verdict.Inconclusive));

    [Test]
    public void Order_SilentTeacher_TheNumberIsThatOfTheTasksThatCount()
    {
        PairedDifference[] pairs = [.. Pairs(0.5, 0.7, 0.9, 0.6, 0.8, 1.0).Select(p => p with { Task = "SST-2" }), new("MRPC", 1, 40)];
        var outcome = VerdictRule.Order(Of(ClaimKind.Order), Measured(6.4), pairs, [Signal("SST-2"), TeacherSignal.OfAccuracy("MRPC", 0.68, 0.684, 408)]);
        Assert.That(outcome.Measured!.Value, Is.EqualTo(0.75).Within(1e-12));
        Assert.That(outcome.Measured.Spread, Is.EqualTo(0.187).Within(1e-3));
        Assert.That(outcome.Reason, Does.Contain("+0.75 points").And.Contain("Left out: "));
    }

    [Test]
    public void Order_AllDifferencesZero_IsInconclusive() =>
        Assert.That(VerdictRule.Order(Of(ClaimKind.Order), Measured(0), Pairs(0, 0, 0, 0, 0, 0), Heard).Verdict, Is.EqualTo(Verdict.Inconclusive));

    [Test]
    public void Order_OneHugeDifference_IsInconclusive()
    {
        // The sign-flip test alone would pass (p = 2/64): the interval, which holds zero, keeps it open.
        var outcome = VerdictRule.Order(Of(ClaimKind.Order), Measured(5), Pairs(0.1, 0.1, 0.1, 0.1, 0.1, 30), Heard);
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [Test]
    public void Order_TaskWithoutTeacherSignal_DoesNotCountAndIsNamed()
    {
        var silent = TeacherSignal.OfAccuracy("MRPC", 0.70, 0.684, 408);
        var outcome = VerdictRule.Order(Of(ClaimKind.Order), Measured(0.75), Pairs(0.5, 0.7, 0.9, 0.6, 0.8, 1.0), [Signal("SST-2"), silent]);
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(outcome.Reason, Does.Contain("3 pairs").And.Contain("Left out: on MRPC the teacher scores 70.0"));
    }

    [Test]
    public void Order_NoTaskWithSignal_IsInconclusive()
    {
        TeacherSignal[] silent = [TeacherSignal.OfAccuracy("SST-2", 0.51, 0.509, 872), TeacherSignal.OfAccuracy("MRPC", 0.70, 0.684, 408)];
        Assert.That(VerdictRule.Order(Of(ClaimKind.Order), Measured(0.75), Pairs(1, 2, 3, 4, 5, 6), silent).Verdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [Test]
    public void Order_FromMemory_IsNotComparable()
    {
        var claim = Of(ClaimKind.Order) with { Confidence = Confidence.Memory };
        Assert.That(VerdictRule.Order(claim, Measured(0.75), Pairs(0.5, 0.7, 0.9, 0.6, 0.8, 1.0), Heard).Verdict, Is.EqualTo(Verdict.NotComparable));
    }

    [Test]
    public void Order_GivenTolerance_Throws() =>
        Assert.Throws<ReplicationException>(() => VerdictRule.Order(Of(ClaimKind.Order, null, Within(1)), Measured(1), Pairs(1), Heard));

    [Test]
    public void Order_TaskAndSeedTwice_Throws()
    {
        PairedDifference[] twice = [new("SST-2", 1, 0.5), new("SST-2", 1, 0.5)];
        Assert.Throws<ArgumentException>(() => VerdictRule.Order(Of(ClaimKind.Order), Measured(1), twice, Heard));
    }
}
