using Replication.Claims;

namespace Replication.Tests.Claims;

/// <summary>Two programs of one recipe, with scores of a PyTorch run and of this project's committed runs.</summary>
public sealed class AgreementFamilyTests
{
    private static readonly double[] TheirKd = [31.12, 37.36, 37.19, 26.09, 33.41], OurKd = [47.49, 44.56, 40.09];

    [Test]
    public void Welch_KnownSamples_HasTheirP()
    {
        var test = new WelchTest(OurKd, TheirKd);
        Assert.That(test.Difference, Is.EqualTo(11.013).Within(1e-3));
        Assert.That(test.TwoSidedP, Is.EqualTo(0.01336).Within(1e-5), "as the reference's own README has it");
        Assert.That(new WelchTest(TheirKd, OurKd).TwoSidedP, Is.EqualTo(test.TwoSidedP).Within(1e-12));
    }

    [TestCase(20.0, true)]
    [TestCase(15.0, false)]
    [TestCase(5.0, false)]
    public void Welch_Equivalence_NeedsTheWholeIntervalInside(double margin, bool isEqual) =>
        Assert.That(new WelchTest(OurKd, TheirKd).EquivalenceP(margin) < 0.05, Is.EqualTo(isEqual));

    [Test]
    public void Judge_OneDoubtfulCellOfTen_IsNoDifference()
    {
        double[] alike = [80, 81, 82];
        var family = AgreementFamily.Judge([Cell(OurKd, TheirKd, null), .. Enumerable.Repeat(Cell(alike, alike, null), 9)], "Needs runs.");
        Assert.That(family[0].Verdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(family[0].Reason,
            Does.StartWith("No difference is seen: +11.01 points, 3 seeds against 5, Welch's test p 0.134 by Holm over 10 cells"));
        Assert.That(AgreementFamily.Judge([Cell(OurKd, TheirKd, null)], "Needs runs.")[0].Verdict, Is.EqualTo(Verdict.Above));
    }

    [TestCase(2.0, Verdict.Reproduced)]
    [TestCase(0.1, Verdict.Inconclusive)]
    public void Judge_AlikeMeans_AgreeWithinAMarginThatTheSpreadCanShow(double margin, Verdict expected)
    {
        double[] theirs = [80.1, 80.3, 79.9, 80.2], ours = [80.0, 80.4, 80.2];
        Assert.That(AgreementFamily.Judge([Cell(ours, theirs, margin)], "Needs runs.")[0].Verdict, Is.EqualTo(expected));
    }

    [TestCase(0, Verdict.NotRun)]
    [TestCase(1, Verdict.Inconclusive)]
    public void Judge_TooFewSeeds_SettlesNothing(int seeds, Verdict expected) =>
        Assert.That(AgreementFamily.Judge([Cell(OurKd[..seeds], TheirKd, 2)], "Needs runs.")[0].Verdict, Is.EqualTo(expected));

    private static AgreementEvidence Cell(double[] ours, double[] theirs, double? margin) => new(
        ClaimSamples.Of(ClaimKind.Agreement, 80, margin is { } m ? ClaimSamples.Within(m) : null), theirs, ours,
        [.. Enumerable.Range(1, ours.Length)], "SST-2/dev acc");
}
