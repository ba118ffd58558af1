using System.Xml.Linq;
using Replication.Claims;
using Replication.Reporting.Overviews;
using Replication.Studies;
using static Replication.Reporting.Html;

namespace Replication.Reporting;

/// <summary>report.html: one file that needs nothing else; readable on a phone, in light and dark, and without a script.</summary>
internal static class ReportPage
{
    /// <summary>The page.</summary>
    /// <param name="report">Its content.</param>
    /// <param name="svgs">An SVG for each figure.</param>
    public static string Of(PaperReport report, IReadOnlyList<string> svgs)
    {
        var title = $"{report.Title}: replication, profile {report.Profile}";
        return Page(Block("html", At("lang", "en"),
            Head(title, PageStyle.WithFigures()),
            Block("body",
                Header(report),
                Contents(report),
                Block("main",
                    Section("summary", "Summary", report.Summary.Select(s => El("p", s))),
                    Findings(report),
                    Section("verdicts", "Verdicts", report.Claims.Count == 0 ? El("p", "No claims.") : ClaimsHtml.Counts(report.Claims)),
                    report.Claims.Count == 0 ? null : Section("claims", "Claims", ClaimsHtml.Tables(report.Claims)),
                    report.Tables.Count == 0
                        ? null
                        : Section("tables", "Tables", Key(), report.Tables.Select(table => Table(table, report.Claims))),
                    report.Figures.Count == 0 ? null : Section("figures", "Figures",
                        El("p", El("a", At("href", ReportFiles.Interactive), "The same figures to zoom into and read off")),
                        report.Figures.Zip(svgs, Figure)),
                    report.Deviations.Count == 0
                        ? null
                        : Section("deviations", "Deviations from the paper", Block("ul", report.Deviations.Select(d => El("li", d))))),
                El("footer", El("p", "Made from run folders and published cells alone; the same input gives the same file.")))));
    }

    /// <summary>The head that all pages share.</summary>
    internal static XElement Head(string title, string style) => Block("head",
        El("meta", At("charset", "utf-8")),
        El("meta", At("name", "viewport"), At("content", "width=device-width, initial-scale=1")),
        El("meta", At("name", "color-scheme"), At("content", "light dark")),
        El("title", title),
        El("style", style));

    private static XElement Header(PaperReport report) => Block("header",
        El("p", At("class", "eyebrow"), $"Replication · profile {report.Profile}"),
        El("h1", report.Title),
        El("p", At("class", "quiet"), report.Citation),
        Block("dl", At("class", "facts"), report.Header.Select(h => El("div", El("dt", h.Name), El("dd", h.Value)))));

    private static XElement Contents(PaperReport report)
    {
        (string Id, string Name, bool Shown)[] parts =
        [
            ("summary", "Summary", true), ("found", "What was found", report.Claims.Count > 0), ("verdicts", "Verdicts", true),
            ("claims", "Claims", report.Claims.Count > 0),
            ("tables", "Tables", report.Tables.Count > 0),
            ("figures", "Figures", report.Figures.Count > 0), ("deviations", "Deviations", report.Deviations.Count > 0),
        ];
        return El("nav", At("aria-label", "Contents"),
            El("ul", parts.Where(p => p.Shown).Select(p => El("li", El("a", At("href", "#" + p.Id), p.Name)))));
    }

    private static XElement? Findings(PaperReport report) => report.Claims.Count == 0
        ? null
        : Section("found", "What was found",
            Block("ul", VerdictSentences.Of(report.Claims).Select(sentence => El("li", sentence))),
            ForestPlot.Of(report.Profile, report.Claims) is { } orders
                ? OverviewPage.Picture(orders, ForestPlot.Description) : null);

    private static object?[] Table(ReportTable table, IReadOnlyList<ClaimOutcome> claims) =>
    [
        TableHtml.Element(table),
        El("p", At("class", "quiet"), TableVerdicts.Of(table, claims), "As CSV: ",
            El("a", At("href", $"{ReportFiles.Tables}/{table.Id}.csv"), $"{table.Id}.csv")),
    ];

    private static XElement Section(string id, string heading, params object?[] content) =>
        Block("section", At("id", id), At("aria-labelledby", $"{id}-heading"), El("h2", At("id", $"{id}-heading"), heading), content);

    private static XElement Key() => El("p", At("class", "quiet"),
        El("span", At("class", "key measured"), "Measured here"), " ", El("span", At("class", "key published"), "published"), " ",
        El("span", At("class", "key missing"), "not measured"), " · an underlined number opens its signature or source.");

    /// <summary>A figure that is reached and scrolled by keyboard, with its caption.</summary>
    internal static XElement Figure(Figure figure, string svg)
    {
        var drawing = XElement.Parse(svg);
        return Block("figure", At("id", figure.Id),
            Block("div", At("class", "scroll drawing"), At("role", "region"), At("aria-label", figure.Title), At("tabindex", "0"), drawing),
            El("figcaption", El("strong", figure.Title), " ", figure.Caption));
    }
}
