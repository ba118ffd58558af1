using Replication.Claims;
using Replication.Studies;

namespace Replication.TinyBERT.Report;

/// <summary>Table 6: published, with what a measurement would take.</summary>
internal static class DeclaredTable
{
    private const string Table = "Table 6";

    private const string Needs = "Needs SQuAD 1.1 and 2.0, a question-answering head on teacher and student, BERT-base, English Wikipedia and a GPU.";

    /// <summary>Makes it.</summary>
    public static ReportTable Make(PublishedCells cells)
    {
        var own = cells.All.Where(cell => cell.Table == Table).ToList();
        var columns = own.Select(cell => (cell.Task, cell.Metric)).Distinct().ToList();
        return new ReportTable(
            "table-6",
            "Table 6. SQuAD",
            $"In %, dev set, as published. {Needs}",
            ["Model", .. columns.Select(c => $"{c.Task} {c.Metric}"), "Here"],
            [.. own.Select(cell => cell.Model).Distinct().Select(model => (IReadOnlyList<Cell>)
            [
                new Cell(model),
                .. columns.Select(c => own.FirstOrDefault(cell => cell.Model == model && (cell.Task, cell.Metric) == c) is { } found
                    ? new Cell(found.Text, found.Source, CellKind.Published) : new Cell("")),
                new Cell("not run", Needs, CellKind.Missing),
            ])]);
    }
}
