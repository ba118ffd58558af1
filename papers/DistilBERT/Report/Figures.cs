using Replication.Claims;
using Replication.Runs;
using Replication.Studies;

namespace Replication.DistilBERT.Report;

/// <summary>Figure 1 from published numbers, and how the terms fell while students were pretrained.</summary>
internal static class Figures
{
    /// <summary>The figures that there is something for.</summary>
    public static IReadOnlyList<Figure> Make(Results results, PublishedCells cells) =>
        [Sizes(cells), .. ((string[])["L_mlm", "L_ce", "L_cos"]).Select(term => Curves(results, term)).OfType<Figure>()];

    private static BarFigure Sizes(PublishedCells cells) => new(
        "figure-1",
        "Figure 1, published: parameters of pretrained models",
        "Published numbers of Table 3, nothing of it measured here; the paper's figure shows more models, for which no source is at hand.",
        "Model",
        "Parameters (millions)",
        [new BarGroup("published", [.. ((string[])["ELMo", "BERT-base", "DistilBERT"]).Select(model => (model, cells.Find("Table 3", model, "-", "#params").RegressionValue, (double?)null))])]);

    private static LineFigure? Curves(Results results, string term)
    {
        // A variant looks alike in all three, though each lacks those without its term.
        LineSeries[] series =
        [
            .. from variant in results.Settings.Variants
               let run = results.Find(results.Set.Pretraining(variant))
               where run is not null
               let curve = Read(run!, term)
               where curve.Count > 0
               select new LineSeries(
                   variant.Name().Replace(", ", " from ", StringComparison.Ordinal), [.. curve.Select(p => p.Step)], [.. curve.Select(p => p.Value)], Style: (int)variant),
        ];
        return series.Length == 0 ? null : new LineFigure(
            $"pretraining-{term.ToLowerInvariant().Replace('_', '-')}",
            $"{term} while pretraining",
            $"{term} of each pretraining, mean over ten steps, {results.Profile} profile, text {results.Settings.Corpus.Name}; one seed.",
            "Steps",
            term,
            series);
    }

    private static IReadOnlyList<(double Step, double Value)> Read(FinishedRun run, string term) =>
        [.. run.Curves.Where(point => point.Name == term).Select(point => ((double)point.Step, point.Value))];
}
