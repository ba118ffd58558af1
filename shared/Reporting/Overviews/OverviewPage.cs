using System.Xml.Linq;
using Replication.Claims;
using static Replication.Reporting.Html;

namespace Replication.Reporting.Overviews;

/// <summary>overview.html: the pictures, and every claim of every paper in one table to filter.</summary>
internal static class OverviewPage
{
    // Hides the rows that the chosen words leave out; without a script all rows are shown. A page's text escapes the signs of comparison.
    private const string Filter = """
        const boxes = Array.from(document.querySelectorAll('#filter select, #filter input'));
        const rows = Array.from(document.querySelectorAll('#ledger tbody tr'));
        function fits(row) {
          return boxes.every(function (box) {
            if (box.value === '') return true;
            if (box.name === 'words') return row.textContent.toLowerCase().includes(box.value.toLowerCase());
            return row.dataset[box.name] === box.value;
          });
        }
        function show() {
          for (const row of rows) row.hidden = !fits(row);
          document.querySelector('#shown').textContent = rows.filter(fits).length + ' of ' + rows.length + ' claims';
        }
        document.querySelector('#filter').hidden = false;
        for (const box of boxes) box.addEventListener('input', show);
        show();

        """;

    private const string Style = """
        #filter { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: end; margin-bottom: 1rem; }
        #filter label { display: grid; font-size: 0.85rem; color: var(--quiet); }
        #filter select, #filter input {
          font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 4px;
          padding: 0.3rem 0.5rem; max-width: 100%;
        }
        #ledger [hidden] { display: none; }

        """;

    /// <summary>The page.</summary>
    /// <param name="papers">The papers.</param>
    /// <param name="orders">The picture of the orders.</param>
    /// <param name="ratios">The picture of sizes and speeds.</param>
    /// <param name="pages">Pages on models that ship, with what they show.</param>
    /// <param name="figures">Figures of them.</param>
    public static string Of(
        IReadOnlyList<JudgedPaper> papers, XElement orders, XElement ratios, IReadOnlyList<(string File, string What)> pages,
        IReadOnlyList<(string File, string What)> figures) => Page(Block("html", At("lang", "en"),
        ReportPage.Head("Replications: overview", PageStyle.WithFigures() + Style.ReplaceLineEndings("\n")),
        Block("body",
            Block("header",
                El("p", At("class", "eyebrow"), "Replication"),
                El("h1", "Overview"),
                El("p", At("class", "quiet"), "Made from the committed verdicts of the largest profile of each paper.")),
            Block("main",
                Section("orders", "Orders", Picture(orders, ForestPlot.Description)),
                Section("sizes", "Sizes and speeds", Picture(ratios, DeviationPlot.Description)),
                pages.Count == 0 ? null : Section("shipped", ShippedResults.Heading,
                    Block("ul", pages.Select(page => El("li", page.What, ": ", El("a", At("href", Overview.Way + page.File), page.File)))),
                    figures.Select(figure => Block("figure",
                        El("img", At("src", Overview.Way + figure.File), At("alt", figure.What)), El("figcaption", figure.What)))),
                Section("ledger", "All claims", Filters(papers), Table(papers))),
            El("script", new XText(Filter.ReplaceLineEndings("\n"))))));

    private static XElement Section(string id, string heading, params object?[] content) =>
        Block("section", At("id", id), At("aria-labelledby", $"{id}-heading"), El("h2", At("id", $"{id}-heading"), heading), content);

    /// <summary>A picture that is scrolled on a narrow window, with its description below.</summary>
    internal static XElement Picture(XElement drawing, string description) => Block("figure", At("class", "wide"),
        Block("div", At("class", "scroll drawing"), At("role", "region"), At("aria-label", description), At("tabindex", "0"),
            new XElement(drawing)),
        El("figcaption", description));

    private static XElement Filters(IReadOnlyList<JudgedPaper> papers)
    {
        var outcomes = papers.SelectMany(paper => paper.Claims).ToList();
        return Block("form", At("id", "filter"), At("hidden", "hidden"),
            Choice("Paper", "paper", outcomes.Select(outcome => outcome.Claim.Paper)),
            Choice("Kind", "kind", outcomes.Select(outcome => VerdictWords.Of(outcome.Claim.Kind))),
            Choice("Verdict", "verdict", outcomes.OrderBy(outcome => outcome.Verdict).Select(outcome => VerdictWords.Of(outcome.Verdict))),
            El("label", "Words, such as a task", El("input", At("name", "words"), At("type", "search"))),
            El("span", At("id", "shown"), At("aria-live", "polite")));
    }

    private static XElement Choice(string label, string name, IEnumerable<string> values) =>
        El("label", label, Block("select", At("name", name),
        El("option", At("value", ""), "all"),
        values.Distinct(StringComparer.Ordinal).Select(value => El("option", At("value", value), value))));

    private static XElement Table(IReadOnlyList<JudgedPaper> papers) => TableHtml.Scroll(
        "All claims",
        TableHtml.Caption("Each row leads to the report with its reason, and names the runs behind its number."),
        El("tr", ((string[])["Claim", "Verdict", "Published", "Measured", "Runs"])
            .Select(heading => El("th", At("scope", "col"), heading))),
        from paper in papers
        from outcome in paper.Claims
        let cells = ClaimCells.Of(outcome)
        select El("tr", At("data-paper", outcome.Claim.Paper), At("data-kind", VerdictWords.Of(outcome.Claim.Kind)),
            At("data-verdict", VerdictWords.Of(outcome.Verdict)),
            El("th", At("scope", "row"), cells.Statement, " ", El("small", $"{outcome.Claim.Table} · {outcome.Claim.Id}")),
            El("td", VerdictBadge.Of(outcome)),
            El("td", At("class", "published"), cells.Published),
            El("td", At("class", "measured"), cells.Measured),
            El("td", At("class", "reason"), El("a", At("href", $"../{paper.Folder}/{ReportFiles.Page}#claims"), paper.Folder),
                outcome.Measured?.Signature.Split(" | ").FirstOrDefault(
                    part => part.StartsWith("run", StringComparison.Ordinal)) is { } runs ? El("small", " " + runs) : null)),
        "claims");
}
