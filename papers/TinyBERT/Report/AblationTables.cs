using Replication.Claims;
using Replication.Runs;
using Replication.Studies;

namespace Replication.TinyBERT.Report;

/// <summary>Tables 2, 3, 4 and 7: variants of the pipeline, published and measured side by side.</summary>
internal static class AblationTables
{
    private static readonly (string Task, string Metric)[] Published = [("MNLI-m", "acc"), ("MNLI-mm", "acc"), ("MRPC", "acc"), ("CoLA", "MCC"), ("Avg", "mean")];

    /// <summary>Row of the ledger and variant, by table.</summary>
    public static IReadOnlyList<(string Table, string Title, IReadOnlyList<(string Published, Variant Variant)> Rows)> All { get; } =
    [
        ("Table 2", "Stages and data augmentation",
            [("TinyBERT4", Variant.Full), ("w/o GD", Variant.WithoutGD), ("w/o TD", Variant.WithoutTD), ("w/o DA", Variant.WithoutDA)]),
        ("Table 3", "Terms of the loss",
            [("TinyBERT4", Variant.Full), ("w/o Embd", Variant.WithoutEmbd), ("w/o Pred", Variant.WithoutPred), ("w/o Trm", Variant.WithoutTrm), ("w/o Attn", Variant.WithoutAttn), ("w/o Hidn", Variant.WithoutHidn)]),
        ("Table 4", "Layer maps", [("Uniform", Variant.Full), ("Top", Variant.Top), ("Bottom", Variant.Bottom)]),
    ];

    /// <summary>Makes the tables.</summary>
    public static IEnumerable<ReportTable> Make(Results results, PublishedCells cells)
    {
        var budget = results.Set.Settings.Ablations;
        foreach (var (table, title, rows) in All)
            yield return Table(results, cells, table, $"{title}. {Budget(budget)}", [.. rows.Select(r => new Row(r.Published, task => Runs(task.Ablations, r.Variant), r.Variant.Text()))]);
        yield return Table(results, cells, "Table 7", $"Distillation against pre-training alone. BERT_TINY is not pre-trained here. {Budget(budget)}",
        [
            new Row("BERT_TINY", null, ""),
            new Row("BERT_TINY (+TD)", null, ""),
            new Row("TinyBERT (GD)", task => Runs(task.Ablations, Variant.LabelsFromGeneral), Variant.LabelsFromGeneral.Text()),
            new Row("TinyBERT (GD+TD)", task => Runs(task.Ablations, Variant.WithoutDA), Variant.WithoutDA.Text()),
        ]);
    }

    private static string Budget(Budget? budget) => budget switch
    {
        null => "This profile has no such runs.",
        { General: { } general, Task: { } task } => FormattableString.Invariant(
            $"All rows have one budget, smaller than the main pipeline's: {general.Steps} steps of {general.BatchSize} x {general.MaxLength} tokens of general distillation, {budget.Rows} rows with {budget.Augmentation.RowsPerRow} new ones each, {task.IntermediateEpochs} epochs of the intermediate step and {task.PredictionEpochs} of the last; over the original rows alone {budget.OriginalRowsFactor} times as many, so that updates are equal."),
        _ => "The paper's budget.",
    };

    private static ReportTable Table(Results results, PublishedCells cells, string table, string caption, IReadOnlyList<Row> rows) => new(
        table.Replace(' ', '-').ToLowerInvariant(),
        $"{table}. {caption.Split(". ")[0].TrimEnd('.')}",
        $"{caption} In %, dev set. Published: TinyBERT4 from BERT-base. Here: main metric, mean ± standard deviation over seeds{(results.IsPapersOwn ? "" : $", student {results.Set.Settings.Student} from {results.Set.Settings.Teacher}, not comparable")}.",
        ["Row", .. Published.Select(c => $"{c.Task} published"), .. Columns.Measured(results).Select(c => $"{c.Column.Published} here")],
        [.. rows.Select(row => (IReadOnlyList<Cell>)
        [
            new Cell(row.Published),
            .. Published.Select(column => Cell(cells.Find(table, row.Published, column.Task, column.Metric))),
            .. Columns.Measured(results).Select(c => row.Runs is null
                ? new Cell("not run", "Needs pre-training a model of this size with BERT's own objective.", CellKind.Missing)
                : SizeTable.Measured(results, c.Column, row.Here, row.Runs(c.Task))),
        ])]);

    private static IReadOnlyList<RunSpec> Runs(IReadOnlyList<VariantRuns> variants, Variant variant) => variants.FirstOrDefault(v => v.Variant == variant)?.Runs ?? [];

    // A row of the ledger with what is measured for it; no runs for what is not done here.
    private sealed record Row(string Published, Func<TaskRuns, IReadOnlyList<RunSpec>>? Runs, string Here);

    private static Cell Cell(PublishedCell cell) => new(cell.Text, cell.Source, CellKind.Published);
}
