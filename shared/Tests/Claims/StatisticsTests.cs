using Replication.Claims;

namespace Replication.Tests.Claims;

public sealed class StatisticsTests
{
    // By hand: the share of the 2^n sign patterns whose sum is at least as far from zero.
    [TestCase(new[] { 1.0, 2, 3, 4, 5, 6 }, 2.0 / 64)]
    [TestCase(new[] { -1.0, -2, -3, -4, -5, -6 }, 2.0 / 64)]
    [TestCase(new[] { 1.0, 2, 3 }, 2.0 / 8)]
    [TestCase(new[] { 1.0, 2, -3 }, 1.0)]
    [TestCase(new[] { -1.0, 2, 3 }, 4.0 / 8)]
    [TestCase(new[] { 1.0, 1, 1, -1 }, 10.0 / 16)]
    [TestCase(new[] { 0.0, 0, 0 }, 1.0)]
    [TestCase(new[] { 5.0 }, 1.0)]
    [TestCase(new double[0], 1.0)]
    public void TwoSidedP_SmallSample_EqualsHandCount(double[] differences, double expected) =>
        Assert.That(SignFlipTest.TwoSidedP(differences), Is.EqualTo(expected).Within(1e-12));

    [Test]
    public void TwoSidedP_DecimalTies_CountAsTies() =>
        // With 0.6 positive, five of the eight patterns reach 0.6; two of them only because 0.1 + 0.2 - 0.3 counts as zero.
        Assert.That(SignFlipTest.TwoSidedP([0.1, 0.2, -0.3, 0.6]), Is.EqualTo(10.0 / 16).Within(1e-12));

    [Test]
    public void TwoSidedP_ManyPairs_IsNearExactAndRepeats()
    {
        // 24 equal differences, 17 in favour: the exact two-sided binomial p is 0.0639.
        double[] differences = [.. Enumerable.Repeat(1.0, 17), .. Enumerable.Repeat(-1.0, 7)];
        var p = SignFlipTest.TwoSidedP(differences);
        Assert.That(p, Is.EqualTo(0.0639).Within(0.003));
        Assert.That(SignFlipTest.TwoSidedP(differences), Is.EqualTo(p));
    }

    [TestCase(0.552, 0.527, 277, false)]
    [TestCase(0.91, 0.509, 872, true)]
    [TestCase(double.NaN, 0.509, 872, false)]
    public void TeacherSignal_OfAccuracy_NeedsTwoStandardErrors(double accuracy, double majority, int rows, bool expected) =>
        Assert.That(TeacherSignal.OfAccuracy("RTE", accuracy, majority, rows).Exists, Is.EqualTo(expected));

    [TestCase(0.05, false)]
    [TestCase(0.07, true)]
    public void TeacherSignal_OfCorrelation_NeedsTwoStandardErrors(double correlation, bool expected) =>
        Assert.That(TeacherSignal.OfCorrelation("CoLA", correlation, 1043).Exists, Is.EqualTo(expected));
}
