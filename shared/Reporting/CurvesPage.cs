using System.Globalization;
using Replication.Studies;
using static Replication.Reporting.Html;

namespace Replication.Reporting;

/// <summary>Curves of several runs on one page that needs nothing else: each drawn, and as text in a table.</summary>
public static class CurvesPage
{
    /// <summary>The page.</summary>
    /// <param name="figures">The curves.</param>
    /// <param name="data">The file with all numbers, relative to the page.</param>
    public static string Of(IReadOnlyList<LineFigure> figures, string data)
    {
        var runs = figures.SelectMany(figure => figure.Series).Select(series => series.Name).Distinct(StringComparer.Ordinal).ToList();
        return Page(Block("html", At("lang", "en"),
            ReportPage.Head("Curves of runs", PageStyle.WithFigures()),
            Block("body",
                Block("header",
                    El("p", At("class", "eyebrow"), "Replication"),
                    El("h1", "Curves of runs"),
                    Block("ul", runs.Select(run => El("li", run))),
                    El("p", El("a", At("href", data), "All numbers as CSV"))),
                El("nav", At("aria-label", "Contents"),
                    El("ul", figures.Select(figure => El("li", El("a", At("href", "#" + figure.Id), figure.Title))))),
                Block("main", figures.Select(figure => Block("section", At("aria-label", figure.Title),
                    ReportPage.Figure(figure, FigureImages.Svg(figure)), TableHtml.Element(Ends(figure))))),
                El("footer", El("p", "Made from finished runs alone; the same runs give the same file.")))));
    }

    private static ReportTable Ends(LineFigure figure) => new($"{figure.Id}-table", $"{figure.Title}, in numbers", "Of each run.",
        ["Run", "Points", "First step", "Last step", "First", "Last", "Least", "Most"],
        [.. figure.Series.Select(series => (IReadOnlyList<Cell>)
            [
                new(series.Name), Number(series.X.Count), Number(series.X[0]), Number(series.X[^1]), Number(series.Y[0]),
                Number(series.Y[^1]), Number(series.Y.Min()), Number(series.Y.Max()),
            ])]);

    private static Cell Number(double value) => new(value.ToString("G6", CultureInfo.InvariantCulture), null, CellKind.Measured);
}
