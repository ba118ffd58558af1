using Replication.Claims;
using Replication.Reporting;
using Replication.Studies;

namespace Replication.Tests.Reporting;

public sealed class VerdictSentencesTests
{
    private static readonly PaperReport Report = SampleReport.Create();

    [Test]
    public void Of_Claims_TellsCentralOnesFirstAndNamesSettledOrders() =>
        Assert.That(VerdictSentences.Of(Report.Claims), Is.EqualTo((string[])
        [
            "Of 3 published orders (what beats what, and what share of its teacher's score a student keeps) 1 holds with a smaller "
                + "teacher, 1 turns out the other way with a smaller teacher and 1 is not settled by the replicates.",
            "Agrees at small scale: PKD beats KD with three layers.",
            "Disagrees at small scale: Last beats Skip, <b>everywhere</b> & always.",
            "Of 3 published scores 1 is above, 1 was measured under other conditions and 1 was not run.",
            "Of 2 published speed ratios, each timed on one machine, 1 comes out as published and 1 is off.",
            "Of 1 published sizes 1 comes out as published.",
        ]));

    [Test]
    public void Of_NoClaims_SaysNothing() => Assert.That(VerdictSentences.Of([]), Is.Empty);

    [Test]
    public void Groups_JudgedClaims_CountsOfParametersAreLast() =>
        Assert.That(ClaimGroups.Of(Report.Claims).Judged.Select(outcome => outcome.Claim.Kind), Is.EqualTo((ClaimKind[])
        [
            ClaimKind.Order, ClaimKind.Order, ClaimKind.Order, ClaimKind.Score, ClaimKind.Score, ClaimKind.Speed, ClaimKind.Speed,
            ClaimKind.Size,
        ]));

    [Test]
    public void Table_WithClaims_SaysHowTheyStand()
    {
        Assert.That(TableVerdicts.Of(Report.Tables[1], Report.Claims), Is.EqualTo("Claims of Table 4: 2 reproduced, 1 below. "));
        Assert.That(TableVerdicts.Of(Report.Tables[1] with { Title = "Table 9. Other" }, Report.Claims), Is.Empty);
    }
}
