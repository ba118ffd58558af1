using System.Xml.Linq;
using Replication.Claims;
using static Replication.Reporting.Html;

namespace Replication.Reporting;

/// <summary>A verdict as sign, words and colour; colour never says anything that the words do not.</summary>
internal static class VerdictBadge
{
    // Where two runs should agree, too high is no better news than too low.
    public static XElement Of(ClaimOutcome outcome) => Of(
        outcome.Verdict, null, outcome is { Verdict: Verdict.Above, Claim.Kind: ClaimKind.Agreement } ? Tone(Verdict.Below) : Tone(outcome.Verdict));

    public static XElement Of(Verdict verdict, int? count = null) => Of(verdict, count, Tone(verdict));

    private static XElement Of(Verdict verdict, int? count, string tone)
    {
        var words = VerdictWords.Of(verdict);
        // A no-break space: the sign stays with its word where the badge is narrow.
        return El("span", At("class", $"verdict {tone}"), El("span", At("aria-hidden", "true"), Sign(verdict)), "\u00A0",
            count is { } n ? FormattableString.Invariant($"{n} {words}") : words);
    }

    private static string Tone(Verdict verdict) => verdict switch
    {
        Verdict.Reproduced or Verdict.Above or Verdict.AgreesAtSmallScale => "good",
        Verdict.Below or Verdict.DisagreesAtSmallScale => "bad",
        Verdict.Inconclusive => "open",
        _ => "none",
    };

    private static string Sign(Verdict verdict) => verdict switch
    {
        Verdict.Reproduced or Verdict.AgreesAtSmallScale => "✓",
        Verdict.Above => "▲",
        Verdict.Below => "▼",
        Verdict.DisagreesAtSmallScale => "✗",
        Verdict.Inconclusive => "?",
        Verdict.NotComparable => "≠",
        _ => "–",
    };
}
