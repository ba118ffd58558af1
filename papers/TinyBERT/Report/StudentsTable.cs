using Replication.Claims;
using Replication.Studies;

namespace Replication.TinyBERT.Report;

/// <summary>Table 5: TinyBERT6 against students of six layers that others published, on dev.</summary>
internal static class StudentsTable
{
    private const string Table = "Table 5";
    private const string Model = "TinyBERT6";

    private const string Needs = "Needs BERT-base, English Wikipedia, all of GLUE and a GPU: the paper profile distils TinyBERT6 too.";

    /// <summary>Makes the table.</summary>
    public static ReportTable Make(Results results, PublishedCells cells)
    {
        var own = cells.All.Where(cell => cell.Table == Table).ToList();
        // TinyBERT6's row is the longest, and has every column.
        var columns = own.Where(cell => cell.Model == Model).ToList();
        return new ReportTable(
            "table-5",
            "Table 5. TinyBERT6 against other students",
            $"In %, dev set; mean ± standard deviation over seeds where measured. {(results.Set.Settings.Six is null ? Needs : "")}".TrimEnd(),
            ["Model", .. columns.Select(c => $"{c.Task} {c.Metric}")],
            [
                .. own.Select(cell => cell.Model).Distinct().Select(model => (IReadOnlyList<Cell>)
                [
                    new Cell(model),
                    .. columns.Select(c => own.FirstOrDefault(cell => cell.Model == model && (cell.Task, cell.Metric) == (c.Task, c.Metric)) is { } found
                        ? new Cell(found.Text, found.Source, CellKind.Published) : new Cell("")),
                ]),
                [new Cell($"{Model}, here"), .. columns.Select(c => Here(results, c))],
            ]);
    }

    private static Cell Here(Results results, PublishedCell cell)
    {
        var column = Columns.Of(cell);
        return results.Set.Tasks.FirstOrDefault(t => t.Task == column.Task.Name)?.Six is { } runs && results.Measure(column, Model, results.Scores(column, runs.Runs)) is { } measured
            ? new Cell(NumberText.Of(measured.Value, measured.Spread), measured.Signature, CellKind.Measured)
            : new Cell("not run", results.Set.Settings.Six is null ? Needs : "These runs are not finished.", CellKind.Missing);
    }
}
