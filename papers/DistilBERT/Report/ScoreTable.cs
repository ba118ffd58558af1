using Replication.Claims;
using Replication.Runs;
using Replication.Studies;

namespace Replication.DistilBERT.Report;

/// <summary>Table 1: GLUE dev scores of teacher and student, beside a student that was pretrained as long without a teacher.</summary>
internal static class ScoreTable
{
    /// <summary>The ledger's name of Table 1's metric.</summary>
    public const string Metric = "GLUE dev metric (CoLA MCC; MRPC/QQP/STS-B not stated)";

    private static readonly string[] PaperTasks = ["CoLA", "MNLI", "MRPC", "QNLI", "QQP", "RTE", "SST-2", "STS-B", "WNLI"];

    private static readonly (string Published, string Here, Func<Results, string, IReadOnlyList<RunSpec>> Runs, Func<Results, string> Who)[] Rows =
    [
        ("ELMo", "", (_, _) => [], _ => ""),
        ("BERT-base", "teacher", (results, task) => results.Set.Teachers(task), Signatures.Teacher),
        ("DistilBERT", "student", (results, task) => results.Set.Students(Variant.Triple, task), results => Signatures.Student(results, Variant.Triple)),
        ("", "student, L_mlm alone", (results, task) => results.Set.Students(Variant.MaskedOnly, task), results => Signatures.Student(results, Variant.MaskedOnly)),
    ];

    /// <summary>Makes the table.</summary>
    public static ReportTable Make(Results results, PublishedCells cells)
    {
        string[] tasks = [.. PaperTasks, .. results.Settings.Tasks.Except(PaperTasks)];
        List<string> columns = ["Model", "Here", "Macro-score published", "Macro-score here"];
        foreach (var task in tasks)
        {
            columns.Add($"{task} published");
            if (results.Settings.Tasks.Contains(task))
                columns.Add($"{task} here");
        }
        var note = results.IsPapersOwn ? "" : $", teacher {results.Settings.Teacher}, so the numbers are not comparable";
        return new ReportTable(
            "table-1",
            "Table 1. GLUE, dev sets",
            $"In %. Published: median of five runs; BERT-base's MNLI is 86.7 in the paper and 84.7 in the authors' README, which alone fits the printed macro-score. "
                + $"Here: each task's main metric{note}; median ± standard deviation over seeds where there are several. The macro-score here is the mean over the tasks that were run, the same for every row.",
            columns,
            [.. Rows.Select(row => Row(results, cells, row.Published, row.Here, tasks, task => row.Runs(results, task), row.Who(results)))]);
    }

    private static IReadOnlyList<Cell> Row(
        Results results, PublishedCells cells, string published, string here, IEnumerable<string> tasks, Func<string, IReadOnlyList<RunSpec>> runs, string who)
    {
        var measured = results.Settings.Tasks.Select(task => (Task: task, Runs: runs(task))).Where(t => t.Runs.Count > 0)
            .Select(t => (t.Task, Score: results.Median(t.Runs, t.Task, who))).ToList();
        List<Cell> row = [new Cell(published), new Cell(here), Published(cells, published, "Macro-score", "score"), Macro(measured, results.Settings.Tasks.Count, who)];
        foreach (var task in tasks)
        {
            row.Add(Published(cells, published, task, Metric));
            if (!results.Settings.Tasks.Contains(task))
                continue;
            row.Add(measured.Find(m => m.Task == task) switch
            {
                { Task: null } => new Cell(""),
                { Score: { } score } => new Cell(NumberText.Of(score.Value, score.Spread), score.Signature, CellKind.Measured),
                _ => new Cell("not run", "These runs are not finished.", CellKind.Missing),
            });
        }
        return row;
    }

    private static Cell Macro(IReadOnlyList<(string Task, Measurement? Score)> measured, int tasks, string who)
    {
        if (measured.Count == 0)
            return new Cell("");
        // Means over other tasks do not compare.
        if (measured.Count < tasks)
            return new Cell("not run", "Not every task of this table is run for this row, and a mean over others would not compare.", CellKind.Missing);
        return measured.Any(m => m.Score is null)
            ? new Cell("not run", "Some of these runs are not finished.", CellKind.Missing)
            : new Cell(NumberText.Of(measured.Average(m => m.Score!.Value)), SignatureParts.Join($"mean over {string.Join(", ", measured.Select(m => m.Task))}", who), CellKind.Measured);
    }

    private static Cell Published(PublishedCells cells, string model, string task, string metric)
    {
        if (model.Length == 0)
            return new Cell("");
        var cell = cells.Find("Table 1", model, task, metric);
        return new Cell(cell.Text, cell.Source, CellKind.Published);
    }
}
