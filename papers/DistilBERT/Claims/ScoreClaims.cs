using Replication.Claims;
using Replication.DistilBERT.Report;
using Replication.Glue;
using Replication.Runs;

namespace Replication.DistilBERT.Claims;

/// <summary>Scores of Tables 1 and 2: only with the paper's teacher and text.</summary>
internal static class ScoreClaims
{
    private const string NeedsPaper = "Needs BERT-base, English Wikipedia and books as one text file, and GPUs: ./reproduce.ps1 distilbert --profile paper --corpus FILE.";

    private static readonly string[] Tasks = ["CoLA", "MNLI", "MRPC", "QNLI", "QQP", "RTE", "SST-2", "STS-B", "WNLI"];

    // Two metrics each, and the paper does not say which.
    private static readonly string[] Unstated = ["MRPC", "QQP", "STS-B"];

    /// <summary>Judges them.</summary>
    public static IReadOnlyList<ClaimOutcome> Judge(Results results, PublishedCells cells) =>
    [
        .. from model in (string[])["BERT-base", "DistilBERT"]
           from task in Tasks
           select OfTask(results, cells.Find("Table 1", model, task, ScoreTable.Metric), model, task),
        // The README's figure, which alone fits the printed macro-score.
        OfTask(results, cells.Find("HF README table", "BERT-base-uncased", "MNLI", ScoreTable.Metric), "BERT-base", "MNLI"),
        .. ((string[])["BERT-base", "DistilBERT"]).Select(model => Macro(results, cells.Find("Table 1", model, "Macro-score", "score"), model)),
        .. Downstream(cells),
    ];

    private static ClaimOutcome OfTask(Results results, PublishedCell cell, string model, string task)
    {
        var claim = Claim(cell, Tolerances.Dev(GlueTasks.Parse(task), cell.RegressionValue), $"on {task}, dev set");
        if (Measure(results, model, task) is not { } measured)
            return VerdictRule.NotRun(claim, NeedsPaper);
        return Unstated.Contains(task)
            ? VerdictRule.NotComparable(claim, measured, $"{task} has two metrics, and the paper does not say which it prints.")
            : model != "BERT-base" && results.ShortText is { } reason ? VerdictRule.NotComparable(claim, measured, reason)
            : VerdictRule.Against(claim, measured);
    }

    private static ClaimOutcome Macro(Results results, PublishedCell cell, string model)
    {
        var claim = Claim(cell, Tolerances.Macro, "on average over the nine tasks, dev sets");
        Measurement?[] scores = [.. Tasks.Select(task => Measure(results, model, task))];
        return scores.Any(s => s is null)
            ? VerdictRule.NotRun(claim, NeedsPaper)
            : VerdictRule.NotComparable(
                claim, new Measurement(scores.Average(s => s!.Value), null, scores[0]!.Seeds, scores[0]!.Signature),
                "It holds MRPC, QQP and STS-B, whose metric the paper does not name.");
    }

    private static Measurement? Measure(Results results, string model, string task)
    {
        if (!results.IsPapersOwn)
            return null;
        IReadOnlyList<RunSpec> runs = model == "BERT-base" ? results.Set.Teachers(task) : results.Set.Students(Variant.Triple, task);
        return results.Median(runs, task, model == "BERT-base" ? Signatures.Teacher(results) : Signatures.Student(results, Variant.Triple));
    }

    private static IEnumerable<ClaimOutcome> Downstream(PublishedCells cells) =>
        from cell in cells.All
        where cell.Table == "Table 2"
        let isImdb = cell.Task == "IMDb"
        // IMDb's test set has 25,000 reviews, SQuAD's dev set 10,570 questions.
        select VerdictRule.NotRun(
            Claim(cell, Tolerances.Rows(cell.RegressionValue, isImdb ? 25000 : 10570), $"on {cell.Task} ({cell.Metric}), {cell.Split} set"),
            isImdb ? DownstreamTable.NeedsImdb : DownstreamTable.NeedsSquad);

    private static Claim Claim(PublishedCell cell, Tolerance tolerance, string where) => new()
    {
        Id = $"distilbert.{ClaimId.Of(cell.Table)}.{ClaimId.Of(cell.Model)}.{ClaimId.Of(cell.Task)}.{ClaimId.Of(cell.Metric.Split('(')[0])}",
        Paper = "DistilBERT",
        Table = cell.Table == "HF README table" ? "authors' README" : cell.Table,
        Kind = ClaimKind.Score,
        Statement = $"{cell.Model} scores {cell.Text} {where}.",
        Published = cell.Number,
        Confidence = cell.Confidence,
        Unit = "%",
        Tolerance = tolerance,
    };
}
