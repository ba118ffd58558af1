using Replication.Claims;
using Replication.Reporting.Overviews;

namespace Replication.Reporting;

/// <summary>
/// What was found, in three sentences made from the committed verdicts: sizes and speeds, orders, scores. They are in the README's first
/// screen.
/// </summary>
public static class ReadmeFindings
{
    private const string First = "<!-- made from results/ by './reproduce.ps1 report --update-results' -->",
        Last = "<!-- as far as here -->";

    /// <summary>The three sentences as a list in Markdown.</summary>
    /// <param name="resultsFolder">Holds paper/profile/claims.csv.</param>
    /// <exception cref="ReplicationException">A claims.csv cannot be read.</exception>
    public static string Text(string resultsFolder)
    {
        var claims = JudgedPaper.Read(resultsFolder).SelectMany(paper => paper.Claims).ToList();
        return $"""
            - O{VerdictSentences.Of(claims, ClaimKind.Size)}; o{VerdictSentences.Of(claims, ClaimKind.Speed)}.
            - O{VerdictSentences.Of(claims, ClaimKind.Order)}.
            - O{VerdictSentences.Of(claims, ClaimKind.Score)}: a score needs the paper's teacher, all of its data, and a GPU.
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
}
