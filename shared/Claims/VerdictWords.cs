namespace Replication.Claims;

/// <summary>The words for kinds and verdicts, as tables and pages print them.</summary>
public static class VerdictWords
{
    /// <summary>Such as "agrees at small scale".</summary>
    public static string Of(Verdict verdict) => verdict switch
    {
        Verdict.Reproduced => "reproduced",
        Verdict.Above => "above",
        Verdict.Below => "below",
        Verdict.AgreesAtSmallScale => "agrees at small scale",
        Verdict.DisagreesAtSmallScale => "disagrees at small scale",
        Verdict.NoDifferenceThatMatters => "no difference that matters",
        Verdict.Inconclusive => "inconclusive",
        Verdict.NotComparable => "not comparable",
        Verdict.NotRun => "not run",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "Unknown verdict."),
    };

    /// <summary>What the verdict means, in one sentence.</summary>
    public static string Meaning(Verdict verdict) => verdict switch
    {
        Verdict.Reproduced => "Within the tolerance of the published number.",
        Verdict.Above =>
            "Higher than the published number by more than the tolerance; holds for scores, while speeds and agreements are then off.",
        Verdict.Below => "Lower than the published number by more than the tolerance, or a size that is not exact.",
        Verdict.AgreesAtSmallScale => "The claim's order holds with another, smaller teacher.",
        Verdict.DisagreesAtSmallScale => "The opposite order holds with another, smaller teacher.",
        Verdict.NoDifferenceThatMatters => "The difference lies within plus or minus the smallest effect of interest, named beforehand.",
        Verdict.Inconclusive => "The measurement does not settle it.",
        Verdict.NotComparable => "Measured under conditions that do not allow the comparison.",
        Verdict.NotRun => "Not measured; the reason says what it needs.",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "Unknown verdict."),
    };

    /// <summary>Such as "size".</summary>
    public static string Of(ClaimKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>The verdict of its words; null for others.</summary>
    public static Verdict? Parse(string words) =>
        Enum.GetValues<Verdict>().Where(v => Of(v).Equals(words, StringComparison.Ordinal)).Select(v => (Verdict?)v).FirstOrDefault();

    /// <summary>How many of each verdict there are, in the enumeration's order, without those that do not occur.</summary>
    public static IReadOnlyList<(Verdict Verdict, int Count)> Counts(IReadOnlyList<ClaimOutcome> outcomes) =>
        [.. outcomes.GroupBy(o => o.Verdict).OrderBy(g => g.Key).Select(g => (g.Key, g.Count()))];
}
