using Replication.Claims;
using Replication.Studies;

namespace Replication.DynaBERT.Report;

/// <summary>Table 1: twelve sub-networks on each task, published and measured, with the share of the teacher's score that is kept.</summary>
internal static class GlueTable
{
    private const string Table = "Table 1";
    private const string PublishedTeacher = "BERT_BASE";

    /// <summary>Makes the table.</summary>
    public static ReportTable Make(Results results, PublishedCells cells)
    {
        List<string> headings = ["m_w", "m_d"];
        foreach (var column in Columns.OfThePaper)
        {
            headings.Add($"{column.Heading} published");
            if (results.Task(column.Task) is not null)
                headings.AddRange([$"{column.Published} here", $"{column.Published} kept, published", $"{column.Published} kept, here"]);
        }
        return new ReportTable(
            "table-1",
            "Table 1. Twelve sub-networks on GLUE's dev sets",
            $"In %, after the final fine-tuning. Kept: the sub-network's score as a share of its teacher's{(results.IsPapersOwn ? "" : $"; the teacher here is {results.Set.Settings.Teacher}, so that scores are not comparable, and shares are")}. Mean ± standard deviation over seeds where there are several.",
            headings,
            [TeacherRow(results, cells), .. Sizes.All.Select(part => PartRow(results, cells, part.Width, part.Depth))]);
    }

    /// <summary>The paper's share of its teacher's score, in %.</summary>
    public static double PublishedRetention(PublishedCells cells, ScoreColumn column, double width, double depth) =>
        100 * cells.Find(Table, Sizes.ModelName(width, depth), column.Published, column.PublishedMetric).RegressionValue
        / cells.Find(Table, PublishedTeacher, column.Published, column.PublishedMetric).RegressionValue;

    private static IReadOnlyList<Cell> TeacherRow(Results results, PublishedCells cells)
    {
        List<Cell> row = [new Cell("teacher"), new Cell("")];
        foreach (var column in Columns.OfThePaper)
        {
            row.Add(Published(cells, PublishedTeacher, column));
            if (results.Task(column.Task) is not { } task)
                continue;
            row.Add(results.Teacher(task, column) is { } score ? Measured(results, column, "fine-tuned teacher", [score], isTeacher: true) : Missing());
            row.AddRange([new Cell(""), new Cell("")]);
        }
        return row;
    }

    private static IReadOnlyList<Cell> PartRow(Results results, PublishedCells cells, double width, double depth)
    {
        List<Cell> row = [new Cell(NumberText.Of(width)), new Cell(NumberText.Of(depth))];
        foreach (var column in Columns.OfThePaper)
        {
            row.Add(Published(cells, Sizes.ModelName(width, depth), column));
            if (results.Task(column.Task) is not { } task)
                continue;
            var scores = results.Scores(task.Seeds.Select(seed => seed.Final), column, width, depth);
            row.Add(scores.Count > 0 ? Measured(results, column, Who(width, depth), scores) : Missing());
            row.Add(new Cell(NumberText.Of(Math.Round(PublishedRetention(cells, column, width, depth), 1)), "Table 1, the sub-network's score over BERT_BASE's", CellKind.Published));
            row.Add(scores.Count > 0 && results.Teacher(task, column) is { Value: not 0 } teacher
                ? new Cell(NumberText.Of(Math.Round(100 * scores.Average(s => s.Value) / teacher.Value, 1)), Signatures.Of(results, column, $"{Who(width, depth)}, share of the teacher's", scores), CellKind.Measured)
                : Missing());
        }
        return row;
    }

    private static string Who(double width, double depth) => $"DynaBERT {Bert.SubNetworks.SubNetwork.NameOf(width, depth)}, finally fine-tuned";

    private static Cell Measured(Results results, ScoreColumn column, string who, IReadOnlyList<SeedScore> scores, bool isTeacher = false)
    {
        var measured = Results.Measure(scores, Signatures.Of(results, column, who, scores, isTeacher));
        return new Cell(NumberText.Of(measured.Value, measured.Spread), measured.Signature, CellKind.Measured);
    }

    private static Cell Published(PublishedCells cells, string model, ScoreColumn column)
    {
        var cell = cells.Find(Table, model, column.Published, column.PublishedMetric);
        return new Cell(cell.Text, $"{Table}, {cell.Split}; {cell.Confidence.ToString().ToLowerInvariant()}", CellKind.Published);
    }

    private static Cell Missing() => new("not run", "These runs are not finished.", CellKind.Missing);
}
