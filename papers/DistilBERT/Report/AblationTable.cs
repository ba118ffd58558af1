using System.Globalization;
using Replication.Claims;
using Replication.Studies;

namespace Replication.DistilBERT.Report;

/// <summary>Table 4: what each part of the pretraining is worth, and the comparison without a teacher that the paper lacks.</summary>
internal static class AblationTable
{
    /// <summary>The variants with the row that the ledger has for them; null where the paper has none.</summary>
    public static IReadOnlyList<(Variant Variant, string? Published)> Rows { get; } =
    [
        (Variant.WithoutSoft, "[0, L_cos, L_mlm] i.e. without L_ce"),
        (Variant.WithoutCosine, "[L_ce, 0, L_mlm] i.e. without L_cos"),
        (Variant.WithoutMasked, "[L_ce, L_cos, 0] i.e. without L_mlm"),
        (Variant.RandomStart, "triple loss + random weights initialisation"),
        (Variant.MaskedOnly, null),
    ];

    /// <summary>The published change of the macro-score.</summary>
    public static PublishedCell Published(PublishedCells cells, string row) =>
        cells.Find("Table 4", row, "GLUE", "change of macro-score vs full triple loss + teacher init");

    /// <summary>A variant's score less that of the triple loss, by task and seed.</summary>
    public static IReadOnlyList<PairedDifference> Changes(Results results, Variant variant) =>
    [
        .. from task in results.Settings.AblationTasks
           from pair in results.Scores(results.Set.Students(variant, task), task)
               .Join(results.Scores(results.Set.Students(Variant.Triple, task), task), a => a.Seed, b => b.Seed, (a, b) => (a.Seed, Change: a.Value - b.Value))
           select new PairedDifference(task, pair.Seed, pair.Change),
    ];

    /// <summary>Makes the table.</summary>
    public static ReportTable Make(Results results, PublishedCells cells) => new(
        "table-4",
        "Table 4. Ablation",
        "Change of the score against the triple loss from the teacher's layers, in points. Published: of GLUE's macro-score. "
            + $"Here: mean over {string.Join(" and ", results.Settings.AblationTasks)} and seeds with its 95 % interval, each variant pretrained for as many steps.",
        ["Pretraining", "Change published", "Change here", "95 % interval", .. results.Settings.AblationTasks.Select(task => $"{task} change")],
        [.. Rows.Select(row => Row(results, cells, row.Variant, row.Published))]);

    private static IReadOnlyList<Cell> Row(Results results, PublishedCells cells, Variant variant, string? published)
    {
        var cell = published is null ? null : Published(cells, published);
        var changes = Changes(results, variant);
        List<Cell> row = [new Cell(variant.Name()), cell is null ? new Cell("") : new Cell(cell.Text, cell.Source, CellKind.Published)];
        if (changes.Count == 0)
        {
            var missing = new Cell("not run", results.Settings.Variants.Contains(variant) ? "These runs are not finished." : "The quick profile has no ablation; the small one has.", CellKind.Missing);
            return [.. row, missing, new Cell(""), .. results.Settings.AblationTasks.Select(_ => missing)];
        }
        var comparison = PairedComparison.Of(changes);
        var signature = SignatureParts.Join($"{string.Join(", ", results.Settings.AblationTasks)}/dev main metric", Signatures.Student(results, variant), "less the triple loss", results.Profile);
        row.Add(new Cell(Signed(comparison.Mean), signature, CellKind.Measured));
        row.Add(changes.Count > 1
            ? new Cell($"{Signed(comparison.Low)} to {Signed(comparison.High)}", signature, CellKind.Measured)
            : new Cell("", null));
        row.AddRange(results.Settings.AblationTasks.Select(task => changes.Where(c => c.Task == task).ToList() is { Count: > 0 } some
            ? new Cell(Signed(some.Average(c => c.Value)), signature, CellKind.Measured)
            : new Cell("not run", "These runs are not finished.", CellKind.Missing)));
        return row;
    }

    private static string Signed(double points) => points.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);
}
