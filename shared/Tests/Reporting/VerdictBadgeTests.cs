using Replication.Claims;
using Replication.Reporting;
using Replication.Tests.Claims;

namespace Replication.Tests.Reporting;

public sealed class VerdictBadgeTests
{
    [TestCase(ClaimKind.Score, Verdict.Above, "good")]
    [TestCase(ClaimKind.Agreement, Verdict.Above, "bad")]
    [TestCase(ClaimKind.Agreement, Verdict.Below, "bad")]
    [TestCase(ClaimKind.Agreement, Verdict.Reproduced, "good")]
    public void Of_Claim_HasTheToneOfItsVerdict(ClaimKind kind, Verdict verdict, string tone)
    {
        var badge = VerdictBadge.Of(new ClaimOutcome(ClaimSamples.Of(kind), null, verdict, "A reason."));
        Assert.That(badge.Attribute("class")!.Value, Is.EqualTo($"verdict {tone}"));
        Assert.That(badge.Value, Does.EndWith(VerdictWords.Of(verdict)));
    }
}
