using Replication.Claims;

namespace Replication.Reporting;

/// <summary>Claims as pages show them: those that were judged, then the others by what they need, which is said once for many.</summary>
/// <param name="Judged">Central ones first, counts of parameters last.</param>
/// <param name="NotRun">By the reason why they were not run, in the order of appearance.</param>
internal sealed record ClaimGroups(
    IReadOnlyList<ClaimOutcome> Judged, IReadOnlyList<(string Reason, IReadOnlyList<ClaimOutcome> Claims)> NotRun)
{
    public static ClaimGroups Of(IReadOnlyList<ClaimOutcome> claims) => new(
        [.. claims.Where(c => c.Verdict != Verdict.NotRun).OrderBy(c => VerdictSentences.Place(c.Claim.Kind))],
        [.. claims.Where(c => c.Verdict == Verdict.NotRun)
            .GroupBy(c => c.Reason, StringComparer.Ordinal).Select(g => (g.Key, (IReadOnlyList<ClaimOutcome>)[.. g]))]);
}
