using System.Globalization;
using Replication.Claims;

namespace Replication.Reporting;

/// <summary>
/// What was found, in three sentences made from the committed verdicts: sizes and speeds, orders, scores. They are in the README's first
/// screen.
/// </summary>
public static class ReadmeFindings
{
    private const string First = "<!-- made from results/ by './reproduce.ps1 report --update-results' -->",
        Last = "<!-- as far as here -->";

    // The largest that was run represents a paper; reference is held against another program, not against the paper.
    private static readonly string[] Profiles = ["paper", "evidence", "small", "quick"];

    // Verdicts in the order in which they are told.
    private static readonly IReadOnlyList<(Verdict Verdict, string One, string Many)> Phrases =
    [
        (Verdict.Reproduced, "comes out as published", "come out as published"),
        (Verdict.Above, "is above", "are above"),
        (Verdict.Below, "is off", "are off"),
        (Verdict.AgreesAtSmallScale, "holds with a smaller teacher", "hold with a smaller teacher"),
        (Verdict.DisagreesAtSmallScale, "turns out the other way with it", "turn out the other way with it"),
        (Verdict.NoDifferenceThatMatters, "shows no difference that matters", "show no difference that matters"),
        (Verdict.Inconclusive, "is not settled by the replicates", "are not settled by the replicates"),
        (Verdict.NotComparable, "was measured under other conditions", "were measured under other conditions"),
        (Verdict.NotRun, "was not run", "were not run"),
    ];

    /// <summary>The three sentences as a list in Markdown.</summary>
    /// <param name="resultsFolder">Holds paper/profile/claims.csv.</param>
    /// <exception cref="ReplicationException">A claims.csv cannot be read.</exception>
    public static string Text(string resultsFolder)
    {
        var claims = Directory.GetDirectories(resultsFolder).Order(StringComparer.Ordinal)
            .Select(paper => Profiles.Select(profile => Path.Combine(paper, profile, ReportFiles.Claims)).FirstOrDefault(File.Exists))
            .OfType<string>().SelectMany(ClaimsTable.Read).ToList();
        return $"""
            - O{Told(claims, ClaimKind.Size, "sizes")}; o{Told(claims, ClaimKind.Speed, "speed ratios, each timed on one machine,")}.
            - O{Told(claims, ClaimKind.Order, "orders (what beats what, and what share of its teacher's score a student keeps)")}.
            - O{Told(claims, ClaimKind.Score, "scores")}: a score needs the paper's teacher, all of its data, and a GPU.
            """.ReplaceLineEndings("\n");
    }

    /// <summary>
    /// Puts the sentences into a README, between the two marks that it has for them; one without marks, or none at all, is left as it is.
    /// </summary>
    /// <exception cref="ReplicationException">It cannot be written.</exception>
    public static void Update(string readme, string resultsFolder)
    {
        var text = File.Exists(readme) ? File.ReadAllText(readme) : "";
        if (Marked(text) is not var (start, end))
            return;
        var updated = $"{text[..start]}\n{Text(resultsFolder)}\n{text[end..]}";
        if (updated != text)
            AtomicFile.WriteText(readme, updated);
    }

    /// <summary>The text between the marks of a README; null where it has none.</summary>
    internal static string? Of(string readme) => Marked(readme) is var (start, end) ? readme[start..end].Trim('\n') : null;

    private static (int Start, int End)? Marked(string text)
    {
        var start = text.IndexOf(First, StringComparison.Ordinal) + First.Length;
        var end = text.IndexOf(Last, StringComparison.Ordinal);
        return start >= First.Length && end >= start ? (start, end) : null;
    }

    private static string Told(IEnumerable<ClaimOutcome> claims, ClaimKind kind, string noun)
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
            1 => "all " + Phrases.First(phrase => phrase.Verdict == ofKind[0].Verdict).Many,
            _ => $"{string.Join(", ", parts.SkipLast(1))} and {parts[^1]}",
        };
        return string.Create(CultureInfo.InvariantCulture, $"f {ofKind.Count} published {noun} {list}");
    }
}
