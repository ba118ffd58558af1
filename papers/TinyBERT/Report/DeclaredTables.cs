using Replication.Claims;
using Replication.Reporting;

namespace Replication.TinyBERT.Report;

/// <summary>Tables 5 and 6: published, with what a measurement would take.</summary>
internal static class DeclaredTables
{
    private const string Table5Needs = "Needs BERT-base, English Wikipedia, all of GLUE and a GPU for weeks: general distillation of TinyBERT6 takes as long as that of TinyBERT4, five times over.";

    private const string Table6Needs = "Needs SQuAD 1.1 and 2.0, a question-answering head on teacher and student, BERT-base, English Wikipedia and a GPU.";

    /// <summary>Makes them.</summary>
    public static IEnumerable<ReportTable> Make(PublishedCells cells)
    {
        yield return Table(cells, "Table 5", "TinyBERT6 against other students", Table5Needs);
        yield return Table(cells, "Table 6", "SQuAD", Table6Needs);
    }

    private static ReportTable Table(PublishedCells cells, string table, string title, string needs)
    {
        var own = cells.All.Where(cell => cell.Table == table).ToList();
        var columns = own.Select(cell => (cell.Task, cell.Metric)).Distinct().ToList();
        return new ReportTable(
            table.Replace(' ', '-').ToLowerInvariant(),
            $"{table}. {title}",
            $"In %, dev set, as published. {needs}",
            ["Model", .. columns.Select(c => $"{c.Task} {c.Metric}"), "Here"],
            [.. own.Select(cell => cell.Model).Distinct().Select(model => (IReadOnlyList<Cell>)
            [
                new Cell(model),
                .. columns.Select(c => own.FirstOrDefault(cell => cell.Model == model && (cell.Task, cell.Metric) == c) is { } found
                    ? new Cell(found.Text, found.Source, CellKind.Published) : new Cell("")),
                new Cell("not run", needs, CellKind.Missing),
            ])]);
    }
}
