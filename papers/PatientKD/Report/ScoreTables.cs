using Replication.Claims;
using Replication.Studies;

namespace Replication.PatientKD.Report;

/// <summary>Tables 1, 2 and 5: GLUE scores, published and measured side by side.</summary>
internal static class ScoreTables
{
    /// <summary>Makes a table.</summary>
    /// <param name="results">The runs.</param>
    /// <param name="cells">The ledger.</param>
    /// <param name="table">The table as the ledger names it.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="rows">Its rows.</param>
    public static ReportTable Make(Results results, PublishedCells cells, string table, string title, IReadOnlyList<ScoreRow> rows)
    {
        var columns = Columns.For(results.Set.Tasks.Select(t => Glue.GlueTasks.Parse(t.Task)))
            .Select(column => (Column: column, Task: results.Task(column.Task)))
            .Where(c => Columns.IsPublished(c.Column) || c.Task is not null)
            .ToList();
        List<string> headings = ["Model", "Here"];
        foreach (var (column, task) in columns)
            headings.AddRange(Parts(column, task, $"{column.Heading} published", $"{column.Heading} here"));
        return new ReportTable(
            table.Replace(' ', '-').ToLowerInvariant(),
            $"{table}. {title}",
            $"In %. Published: GLUE's test server. Here: dev set{(results.IsPapersOwn ? "" : $", teacher {results.Set.Teacher}, so the numbers are not comparable")}; mean ± standard deviation over seeds where there are several.",
            headings,
            [.. rows.Select(row => Row(results, cells, table, row, columns))]);
    }

    private static IReadOnlyList<Cell> Row(
        Results results, PublishedCells cells, string table, ScoreRow row, IReadOnlyList<(ScoreColumn Column, TaskRuns? Task)> columns)
    {
        List<Cell> made = [new Cell(row.Published), new Cell(results.Set.Tasks.Select(row.Here).FirstOrDefault(here => here.Length > 0) ?? "")];
        foreach (var (column, task) in columns)
            made.AddRange(Parts(column, task, Published(cells, table, row, column), task is null ? new Cell("") : Here(results, row, column, task)));
        return made;
    }

    // A task that the profile does not run has the published column alone; one that the paper lacks, the measured one.
    private static IEnumerable<T> Parts<T>(ScoreColumn column, TaskRuns? task, T published, T here)
    {
        if (Columns.IsPublished(column))
            yield return published;
        if (task is not null)
            yield return here;
    }

    private static Cell Published(PublishedCells cells, string table, ScoreRow row, ScoreColumn column)
    {
        if (!Columns.IsPublished(column))
            return new Cell("");
        var cell = cells.Find(table, row.Published, column.Published, column.PublishedMetric);
        return new Cell(cell.Text, $"{table}, {cell.Split}; {cell.Confidence.ToString().ToLowerInvariant()}", CellKind.Published);
    }

    private static Cell Here(Results results, ScoreRow row, ScoreColumn column, TaskRuns task)
    {
        var runs = row.Runs(task);
        if (runs.Count == 0)
            return new Cell("");
        var scores = results.Scores(runs, column);
        if (scores.Count == 0)
            return new Cell("not run", "These runs are not finished.", CellKind.Missing);
        var measured = results.Measure(scores, Signatures.Of(results, column, row.Who(task), scores))!;
        return new Cell(NumberText.Of(measured.Value, measured.Spread), measured.Signature, CellKind.Measured);
    }
}
