using Replication.Claims;
using Replication.Reporting;
using Replication.Tests.Claims;

namespace Replication.Tests.Reporting;

public sealed class VerdictBadgeTests
{
    [TestCase(ClaimKind.Score, Verdict.Above, "good")]
    [TestCase(ClaimKind.Speed, Verdict.Above, "bad")]
    [TestCase(ClaimKind.Agreement, Verdict.Above, "bad")]
    [TestCase(ClaimKind.Agreement, Verdict.Below, "bad")]
    [TestCase(ClaimKind.Agreement, Verdict.Reproduced, "good")]
    public void Of_Claim_HasTheToneOfItsVerdict(ClaimKind kind, Verdict verdict, string tone)
    {
        var badge = VerdictBadge.Of(new ClaimOutcome(ClaimSamples.Of(kind), null, verdict, "A reason."));
        Assert.That(badge.Attribute("class")!.Value, Is.EqualTo($"verdict {tone}"));
        Assert.That(badge.Value, Does.EndWith(VerdictWords.Of(verdict)));
    }

    [TestCase(ClaimKind.Score, "verdict good")]
    [TestCase(ClaimKind.Agreement, "verdict bad")]
    public void Of_SeveralAbove_AreGoodNewsOnlyIfAllAre(ClaimKind second, string expected)
    {
        var badge = VerdictBadge.Of(
            [.. ((ClaimKind[])[ClaimKind.Score, second])
            .Select(kind => new ClaimOutcome(ClaimSamples.Of(kind), null, Verdict.Above, "A reason."))]);
        Assert.That((badge.Attribute("class")!.Value, badge.Value), Is.EqualTo((expected, "▲\u00A02 above")));
    }
}
