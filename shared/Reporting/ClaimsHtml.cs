using System.Xml.Linq;
using Replication.Claims;
using static Replication.Reporting.Html;

namespace Replication.Reporting;

/// <summary>The claims of a report as HTML: how many of each verdict, and the table with a row a claim.</summary>
internal static class ClaimsHtml
{
    private const string Spreads =
        "Measured scores and differences are means (medians where the paper has medians) ± standard deviation over seeds, or over "
            + "tasks and seeds; measured speeds are medians ± median absolute deviation over timings.";

    private const string Published = "Published";
    private const string Measured = "Measured";
    private const string Tolerance = "Tolerance";

    private static readonly string[] Headings = ["Claim", "Verdict", Published, Measured, Tolerance, "Reason"];

    /// <summary>How many claims have each verdict, with what the verdict means.</summary>
    public static XElement Counts(IReadOnlyList<ClaimOutcome> claims) => Block("ul", At("class", "counts"), claims
        .GroupBy(c => c.Verdict).OrderBy(g => g.Key)
        .Select(g => El("li", VerdictBadge.Of([.. g]), " ", El("span", At("class", "quiet"), VerdictWords.Meaning(g.Key)))));

    /// <summary>
    /// The table of what was judged; what was not run follows, folded up and by what it needs, since it can be far longer.
    /// </summary>
    public static IEnumerable<XElement> Tables(IReadOnlyList<ClaimOutcome> claims)
    {
        var (judged, notRun) = ClaimGroups.Of(claims);
        if (judged.Count > 0)
            yield return Table(judged);
        if (notRun.Count > 0)
        {
            yield return El(
                "details", At("class", "not-run"),
                El("summary", $"{notRun.Sum(g => g.Claims.Count)} claims that were not run, and what each needs"),
                notRun.Select(g => NotRun(g.Reason, g.Claims)));
        }
    }

    private static XElement NotRun(string reason, IReadOnlyList<ClaimOutcome> claims) => TableHtml.Scroll(
        "Claims that were not run",
        TableHtml.Caption(VerdictBadge.Of(claims), " ", reason),
        El("tr", El("th", At("scope", "col"), "Claim"), El("th", At("scope", "col"), At("class", "number"), Published),
            El("th", At("scope", "col"), At("class", "number"), Tolerance)),
        claims.Select(claim => (claim.Claim, Cells: ClaimCells.Of(claim))).Select(c => El("tr",
            El("th", At("scope", "row"), c.Cells.Statement, " ",
                El("small", $"{c.Claim.Table} · {VerdictWords.Of(c.Claim.Kind)} · {c.Claim.Id}")),
            El("td", At("class", "published"), c.Cells.Published),
            El("td", At("class", "number"), c.Cells.Tolerance))));

    private static XElement Table(IReadOnlyList<ClaimOutcome> claims) => TableHtml.Scroll(
        "Claims",
        TableHtml.Caption($"Published statements and what this run says of them. {Spreads}"),
        El("tr", At("role", "row"),
            Headings.Select(
            h => El("th", At(
            "scope", "col"), At("role", "columnheader"), h is Published or Measured or Tolerance ? At("class", "number") : null, h))),
        claims.Select(Row), "claims");

    private static XElement Row(ClaimOutcome outcome)
    {
        var (claim, cells) = (outcome.Claim, ClaimCells.Of(outcome));
        return El("tr", At("role", "row"),
            El("th", At("scope", "row"), At("role", "rowheader"), cells.Statement,
                El("small", $"{claim.Table} · {VerdictWords.Of(claim.Kind)} · {claim.Id}")),
            El("td", At("role", "cell"), VerdictBadge.Of(outcome)),
            Number(Published, "published", cells.Published),
            Number(Measured, "measured", cells.Measured),
            Number(Tolerance, "number", cells.Tolerance),
            El("td", At("role", "cell"), At("class", "reason"), cells.Reason, Details(outcome)));
    }

    // On a phone a row becomes a card, where a number needs its heading beside it and an empty cell is left out.
    private static XElement Number(string heading, string kind, string text) =>
        El("td", At("role", "cell"), At("class", text.Length == 0 ? "empty" : kind), At("data-heading", heading), text);

    private static XElement? Details(ClaimOutcome outcome)
    {
        var signature = outcome.Measured?.Signature is { Length: > 0 } s ? El("p", At("class", "signature"), s) : null;
        var tolerance = outcome.Claim.Tolerance is { } t ? El("p", $"Tolerance: {t.Reason}") : null;
        var summary = (signature, tolerance) switch
        {
            (null, null) => null,
            (null, _) => "Why this tolerance",
            (_, null) => "Signature",
            _ => "Signature and tolerance",
        };
        return summary is null ? null : El("details", El("summary", summary), signature, tolerance);
    }
}
