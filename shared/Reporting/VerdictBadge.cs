using System.Xml.Linq;
using Replication.Claims;
using static Replication.Reporting.Html;

namespace Replication.Reporting;

/// <summary>A verdict as sign, words and colour; colour never says anything that the words do not.</summary>
internal static class VerdictBadge
{
    public static XElement Of(ClaimOutcome outcome) => Of(outcome.Verdict, null, Tone(outcome));

    /// <summary>All claims of one verdict; the colour is that of the worst, since being above is good news for scores alone.</summary>
    public static XElement Of(IReadOnlyList<ClaimOutcome> alike) =>
        Of(alike[0].Verdict, alike.Count, alike.Select(Tone).FirstOrDefault(tone => tone == "bad") ?? Tone(alike[0]));

    private static XElement Of(Verdict verdict, int? count, string tone)
    {
        var words = VerdictWords.Of(verdict);
        // A no-break space: the sign stays with its word where the badge is narrow.
        return El("span", At("class", $"verdict {tone}"), El("span", At("aria-hidden", "true"), Sign(verdict)), "\u00A0",
            count is { } n ? FormattableString.Invariant($"{n} {words}") : words);
    }

    private static string Tone(ClaimOutcome outcome) => Standings.Of(outcome) switch
    {
        Standing.Passes => "good",
        Standing.Fails or Standing.Warns => "bad",
        _ => outcome.Verdict == Verdict.Inconclusive ? "open" : "none",
    };

    private static string Sign(Verdict verdict) => verdict switch
    {
        Verdict.Reproduced or Verdict.AgreesAtSmallScale => "✓",
        Verdict.Above => "▲",
        Verdict.Below => "▼",
        Verdict.DisagreesAtSmallScale => "✗",
        Verdict.NoDifferenceThatMatters => "≈",
        Verdict.Inconclusive => "?",
        Verdict.NotComparable => "≠",
        _ => "–",
    };
}
