using Replication.Claims;
using Replication.DynaBERT.Report;
using Replication.Glue;
using Replication.Studies;

namespace Replication.DynaBERT.Claims;

/// <summary>Table 1's cells; only BERT-base can check DynaBERT's, and nothing here DynaRoBERTa's.</summary>
internal static class ScoreClaims
{
    private const string NeedsPaper = "Needs BERT-base and a GPU: ./reproduce.ps1 dynabert --profile paper.";
    private const string NeedsRoberta = "Needs RoBERTa-base and its tokenizer, which this suite does not have.";

    /// <summary>Judges them.</summary>
    public static IReadOnlyList<ClaimOutcome> Judge(Results results, PublishedCells cells) =>
    [
        .. from cell in cells.All
           where cell.Table == "Table 1"
           let column = Columns.OfThePaper.Single(c => c.Published == cell.Task && c.PublishedMetric == cell.Metric)
           select Judge(results, cell, column),
    ];

    private static ClaimOutcome Judge(Results results, PublishedCell cell, ScoreColumn column)
    {
        var claim = new Claim
        {
            Id = $"dynabert.table1.{ClaimId.Of(cell.Model)}.{ClaimId.Of(cell.Task)}",
            Paper = "DynaBERT",
            Table = "Table 1",
            Kind = ClaimKind.Score,
            Statement = $"{cell.Model} scores {cell.Text} ({cell.Metric}) on {cell.Task}, dev.",
            Published = cell.Number,
            Confidence = cell.Confidence,
            Unit = "%",
            Tolerance = Tolerances.Dev(column.Task, column.Split == "dev" ? GlueSplit.Dev : GlueSplit.DevMismatched, cell.RegressionValue),
        };
        if (cell.Model.Contains("RoBERTa", StringComparison.Ordinal))
            return VerdictRule.NotRun(claim, NeedsRoberta);
        var scores = results.IsPapersOwn && results.Task(column.Task) is { } task ? Scores(results, task, cell, column) : [];
        return scores.Count == 0
            ? VerdictRule.NotRun(claim, NeedsPaper)
            : VerdictRule.Against(claim, Results.Measure(scores, Signatures.Of(results, column, cell.Model, scores)));
    }

    private static IReadOnlyList<SeedScore> Scores(Results results, TaskRuns task, PublishedCell cell, ScoreColumn column)
    {
        if (cell.Model == "BERT_BASE")
            return results.Teacher(task, column) is { } teacher ? [teacher] : [];
        var part = Sizes.All.Single(p => Sizes.ModelName(p.Width, p.Depth) == cell.Model);
        return results.Scores(task.Seeds.Select(seed => seed.Final), column, part.Width, part.Depth);
    }
}
