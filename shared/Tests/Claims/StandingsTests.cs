using Replication.Claims;

namespace Replication.Tests.Claims;

public sealed class StandingsTests
{
    [TestCase(Verdict.Reproduced, ClaimKind.Size, null, Standing.Passes)]
    [TestCase(Verdict.AgreesAtSmallScale, ClaimKind.Order, null, Standing.Passes)]
    [TestCase(Verdict.Above, ClaimKind.Score, null, Standing.Passes)]
    [TestCase(Verdict.Above, ClaimKind.Speed, null, Standing.Fails)]
    [TestCase(Verdict.Above, ClaimKind.Speed, "Faster memory.", Standing.Warns)]
    [TestCase(Verdict.Above, ClaimKind.Agreement, null, Standing.Fails)]
    [TestCase(Verdict.Above, ClaimKind.Agreement, "No cause was found.", Standing.Warns)]
    [TestCase(Verdict.Below, ClaimKind.Score, null, Standing.Fails)]
    [TestCase(Verdict.Below, ClaimKind.Score, "Rounded in print.", Standing.Warns)]
    [TestCase(Verdict.DisagreesAtSmallScale, ClaimKind.Order, null, Standing.Fails)]
    [TestCase(Verdict.DisagreesAtSmallScale, ClaimKind.Order, "The teacher is small.", Standing.Warns)]
    [TestCase(Verdict.Inconclusive, ClaimKind.Order, "A finding.", Standing.Skipped)]
    [TestCase(Verdict.NotComparable, ClaimKind.Score, null, Standing.Skipped)]
    [TestCase(Verdict.NotRun, ClaimKind.Score, null, Standing.Skipped)]
    public void Of_Verdict_IsStanding(Verdict verdict, ClaimKind kind, string? finding, Standing expected) =>
        Assert.That(Standings.Of(new ClaimOutcome(ClaimSamples.Of(kind) with { Finding = finding }, null, verdict, "A reason.")),
            Is.EqualTo(expected));
}
