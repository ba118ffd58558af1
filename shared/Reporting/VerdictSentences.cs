using System.Globalization;
using Replication.Claims;

namespace Replication.Reporting;

/// <summary>What became of the claims of each kind, in sentences made from the verdicts.</summary>
internal static class VerdictSentences
{
    // Verdicts in the order in which they are told.
    private static readonly IReadOnlyList<(Verdict Verdict, string One, string Many)> Phrases =
    [
        (Verdict.Reproduced, "comes out as published", "come out as published"),
        (Verdict.Above, "is above", "are above"),
        (Verdict.Below, "is off", "are off"),
        (Verdict.AgreesAtSmallScale, "holds with a smaller teacher", "hold with a smaller teacher"),
        (Verdict.DisagreesAtSmallScale, "turns out the other way with a smaller teacher", "turn out the other way with a smaller teacher"),
        (Verdict.NoDifferenceThatMatters, "shows no difference that matters", "show no difference that matters"),
        (Verdict.Inconclusive, "is not settled by the replicates", "are not settled by the replicates"),
        (Verdict.NotComparable, "was measured under other conditions", "were measured under other conditions"),
        (Verdict.NotRun, "was not run", "were not run"),
    ];

    // What can be said of a paper's methods is told before what can be counted.
    private static readonly ClaimKind[] Kinds = [ClaimKind.Agreement, ClaimKind.Order, ClaimKind.Score, ClaimKind.Speed, ClaimKind.Size];

    private static readonly Verdict[] Settled =
        [Verdict.AgreesAtSmallScale, Verdict.DisagreesAtSmallScale, Verdict.NoDifferenceThatMatters];

    /// <summary>A sentence for each kind of claims that there are, and the orders that are settled by name.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<ClaimOutcome> claims) =>
    [
        .. from kind in Kinds
           where claims.Any(outcome => outcome.Claim.Kind == kind)
           from sentence in (string[])[$"O{Of(claims, kind)}.", .. kind == ClaimKind.Order ? SettledOrders(claims) : []]
           select sentence,
    ];

    /// <summary>Where a kind comes when claims are shown: central ones first, counts last.</summary>
    public static int Place(ClaimKind kind) => Array.IndexOf(Kinds, kind);

    /// <summary>
    /// How many claims of a kind have which verdict, without the O it begins with, such as "f 3 published sizes all come out as
    /// published".
    /// </summary>
    public static string Of(IEnumerable<ClaimOutcome> claims, ClaimKind kind)
    {
        var ofKind = claims.Where(outcome => outcome.Claim.Kind == kind).ToList();
        var parts = Phrases.Select(phrase => (phrase, Count: ofKind.Count(outcome => outcome.Verdict == phrase.Verdict)))
            .Where(part => part.Count > 0)
            .Select(part => string.Create(
                CultureInfo.InvariantCulture, $"{part.Count} {(part.Count == 1 ? part.phrase.One : part.phrase.Many)}")).ToList();
        var list = parts.Count switch
        {
            0 => "",
            1 when ofKind[0].Verdict == Verdict.NotRun => "none was run",
            1 when ofKind.Count == 1 => parts[0],
            1 => "all " + Phrases.First(phrase => phrase.Verdict == ofKind[0].Verdict).Many,
            _ => $"{string.Join(", ", parts.SkipLast(1))} and {parts[^1]}",
        };
        return string.Create(CultureInfo.InvariantCulture, $"f {ofKind.Count} published {Noun(kind)} {list}");
    }

    private static IEnumerable<string> SettledOrders(IReadOnlyList<ClaimOutcome> claims) =>
        from verdict in Settled
        let orders = claims.Where(outcome => outcome.Claim.Kind == ClaimKind.Order && outcome.Verdict == verdict).ToList()
        where orders.Count > 0
        let word = VerdictWords.Of(verdict)
        let statements = string.Join("; ", orders.Select(order => order.Claim.Statement.TrimEnd('.')))
        select $"{char.ToUpperInvariant(word[0])}{word[1..]}: {statements}.";

    private static string Noun(ClaimKind kind) => kind switch
    {
        ClaimKind.Size => "sizes",
        ClaimKind.Speed => "speed ratios, each timed on one machine,",
        ClaimKind.Order => "orders (what beats what, and what share of its teacher's score a student keeps)",
        ClaimKind.Score => "scores",
        ClaimKind.Agreement => "scores of another program's run of the same recipe",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind."),
    };
}
