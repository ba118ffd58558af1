using Replication.Claims;
using Replication.TinyBERT.Report;

namespace Replication.TinyBERT.Claims;

/// <summary>Published scores, which need the paper's teacher and text: those of GLUE's test server are declared, those of the dev sets judged where they were measured.</summary>
internal static class ScoreClaims
{
    private const string NeedsPaper = "Needs BERT-base, English Wikipedia and a GPU (./reproduce.ps1 tinybert --profile paper --corpus FILE).";

    private const string NeedsServer = NeedsPaper + " Test labels are with GLUE's server, so the predictions must then be handed in there.";

    /// <summary>Judges them.</summary>
    public static IReadOnlyList<ClaimOutcome> Judge(Results results, PublishedCells cells) =>
    [
        .. from cell in cells.All
           where cell is { Table: "Table 1", Split: "test", Model: "TinyBERT4" or "TinyBERT6" }
           select VerdictRule.NotRun(Claim(cell, $"tinybert.table1.{ClaimId.Of(cell.Model)}.{ClaimId.Of(cell.Task)}", "GLUE's test server"), NeedsServer),
        .. from cell in cells.All
           where cell is { Table: "Table 2", Model: "TinyBERT4", Metric: not "mean" } or { Table: "Table 5", Model: "TinyBERT6" }
           select OfDev(results, cell),
    ];

    private static ClaimOutcome OfDev(Results results, PublishedCell cell)
    {
        var claim = Claim(cell, $"tinybert.{ClaimId.Of(cell.Table.Replace(" ", "", StringComparison.Ordinal))}.{ClaimId.Of(cell.Model)}.{ClaimId.Of(cell.Task)}.{ClaimId.Of(cell.Metric)}", "dev");
        var column = Columns.Of(cell);
        if (!results.IsPapersOwn || results.Set.Tasks.FirstOrDefault(t => t.Task == column.Task.Name) is not { } task)
            return VerdictRule.NotRun(claim, NeedsPaper);
        var runs = cell.Model == "TinyBERT6" ? task.Six : task.Main.Single(v => v.Variant == Variant.Full);
        return runs is not null && results.Measure(column, cell.Model, results.Scores(column, runs.Runs)) is { } measured
            ? results.ShortText is { } reason ? VerdictRule.NotComparable(claim, measured, reason) : VerdictRule.Against(claim, measured)
            : VerdictRule.NotRun(claim, NeedsPaper);
    }

    private static Claim Claim(PublishedCell cell, string id, string where) => new()
    {
        Id = id,
        Paper = "TinyBERT",
        Table = cell.Table,
        Kind = ClaimKind.Score,
        Statement = $"{cell.Model} scores {cell.Text} ({cell.Metric}) on {cell.Task}, {where}.",
        Published = cell.Number,
        Confidence = cell.Confidence,
        Unit = "%",
        Tolerance = Tolerances.Score,
    };
}
