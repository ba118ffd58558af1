using Replication.Claims;
using Replication.PatientKD.Report;

namespace Replication.PatientKD.Claims;

/// <summary>GLUE scores: the paper's, which only the test server can check, and the authors' own on dev, which a run with BERT-base can.</summary>
internal static class ScoreClaims
{
    private const string DevTable = "repo result_summary (best single run)";

    private const string NeedsPaper =
        "Needs BERT-base (and for Table 5 BERT-large) and a GPU: ./reproduce.ps1 patientkd --profile paper.";

    private const string NeedsServer =
        NeedsPaper + " Test labels are with GLUE's server, so the predictions of the test set must then be handed in there.";

    /// <summary>Judges them.</summary>
    public static IReadOnlyList<ClaimOutcome> Judge(Results results, PublishedCells cells) =>
    [
        .. Test(cells, "Table 1", ScoreRow.Table1(results.Set).Skip(1)),
        .. Test(cells, "Table 2", ScoreRow.Table2(results.Set).Take(1)),
        .. Test(cells, "Table 5", ScoreRow.Table5(results.Set).Skip(1)),
        .. Dev(results, cells),
        VerdictRule.NotRun(Claim(cells.Find("Table 3", "BERT6-PKD-Skip", "RACE", "acc"), Tolerances.Race(60.34), "test"), RaceTable.Needs),
    ];

    private static IEnumerable<ClaimOutcome> Test(PublishedCells cells, string table, IEnumerable<ScoreRow> rows) =>
        from row in rows
        from column in Columns.OfThePaper
        let cell = cells.Find(table, row.Published, column.Published, column.PublishedMetric)
        select VerdictRule.NotRun(Claim(cell, Tolerances.Test(column.Task, column.Split == "dev-mm", cell.RegressionValue), "GLUE's test server"), NeedsServer);

    // The authors kept the dev accuracy of every run; their best single run is what their own selection reports.
    private static IEnumerable<ClaimOutcome> Dev(Results results, PublishedCells cells)
    {
        foreach (var (model, row) in DevRows(results.Set))
        {
            foreach (var column in Columns.OfThePaper.Where(c => c is { PublishedMetric: "acc", Split: "dev" }))
            {
                var cell = cells.Find(DevTable, model, column.Task.Name, "acc");
                var claim = Claim(cell, Tolerances.Dev(column.Task, cell.RegressionValue), "dev");
                var task = results.IsPapersOwn ? results.Task(column.Task) : null;
                var scores = task is null ? [] : results.Scores(row.Runs(task), column);
                yield return scores.Count == 0
                    ? VerdictRule.NotRun(claim, NeedsPaper)
                    : VerdictRule.Against(claim, results.Measure(scores, Signatures.Of(results, column, row.Who(task!), scores))!);
            }
        }
    }

    private static IEnumerable<(string Model, ScoreRow Row)> DevRows(ExperimentSet set)
    {
        ScoreRow Of(IReadOnlyList<ScoreRow> rows, string published) => rows.Single(row => row.Published == published);
        var (one, five) = (ScoreRow.Table1(set), ScoreRow.Table5(set));
        yield return ("BERT12 teacher", Of(one, "BERT12 (Teacher)"));
        foreach (var model in (string[])["BERT6-FT", "BERT6-KD", "BERT3-FT", "BERT3-KD", "BERT3-PKD"])
            yield return (model, Of(one, model));
        yield return ("BERT6-PKD-Skip", Of(one, "BERT6-PKD"));
        yield return ("BERT6-PKD-Last", Of(ScoreRow.Table2(set), "BERT6 (PKD-Last)"));
        yield return ("BERT24 teacher", Of(five, "BERT24 (Teacher)"));
        yield return ("BERT24->BERT6[Base]-KD", Of(five, "#2 BERT24->BERT6[Base]-KD"));
        yield return ("BERT24->BERT6[Large]-KD", Of(five, "#3 BERT24->BERT6[Large]-KD"));
        yield return ("BERT24->BERT6[Large]-PKD", Of(five, "#4 BERT24->BERT6[Large]-PKD"));
    }

    private static Claim Claim(PublishedCell cell, Tolerance tolerance, string where)
    {
        var table = cell.Table == DevTable ? "authors' dev runs" : cell.Table;
        return new Claim
        {
            Id = $"pkd.{ClaimId.Of(table)}.{ClaimId.Of(cell.Model)}.{ClaimId.Of(cell.Task)}.{ClaimId.Of(cell.Metric)}",
            Paper = "Patient-KD",
            Table = table,
            Kind = ClaimKind.Score,
            Statement = $"{cell.Model} scores {cell.Text} ({cell.Metric}) on {cell.Task}, {where}.",
            Published = cell.Number,
            Confidence = cell.Confidence,
            Unit = "%",
            Tolerance = tolerance,
        };
    }
}
