using Replication.Claims;
using Replication.Reporting;

namespace Replication.CommandLine;

/// <summary>A claim whose verdict is not the committed one.</summary>
/// <param name="Id">The claim.</param>
/// <param name="Committed">The verdict in the repository; null where the claim is new.</param>
/// <param name="Now">The verdict now; null where the claim is gone.</param>
internal sealed record VerdictChange(string Id, Verdict? Committed, Verdict? Now)
{
    /// <summary>Such as "pkd.table4.bert6.speedup: inconclusive -> reproduced".</summary>
    public override string ToString() => $"{Id}: {Word(Committed)} -> {Word(Now)}";

    private static string Word(Verdict? verdict) => verdict is { } one ? VerdictWords.Of(one) : "no such claim";
}

/// <summary>The verdicts that the repository holds of a paper in a profile, to tell what a new report changes.</summary>
internal static class CommittedVerdicts
{
    /// <summary>Verdicts by claim; null where the repository holds none.</summary>
    /// <param name="folder">The paper's folder in the profile.</param>
    public static IReadOnlyDictionary<string, Verdict>? Read(string folder)
    {
        var file = Path.Combine(folder, ReportFiles.Claims);
        return File.Exists(file)
            ? ClaimsTable.Read(file).ToDictionary(outcome => outcome.Claim.Id, outcome => outcome.Verdict, StringComparer.Ordinal)
            : null;
    }

    /// <summary>What differs, in the order of the new claims; those that are gone come last.</summary>
    public static IReadOnlyList<VerdictChange> Changes(IReadOnlyDictionary<string, Verdict> committed, IReadOnlyList<ClaimOutcome> now)
    {
        var ids = now.Select(outcome => outcome.Claim.Id).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. now.Select(
                outcome => new VerdictChange(
                outcome.Claim.Id, committed.TryGetValue(outcome.Claim.Id, out var verdict) ? verdict : null, outcome.Verdict))
                .Where(change => change.Committed != change.Now),
            .. committed.Where(one => !ids.Contains(one.Key)).Select(one => new VerdictChange(one.Key, one.Value, null)),
        ];
    }
}
