using Replication.Claims;

namespace Replication.TinyBERT.Claims;

/// <summary>The scores of Table 1, which need the paper's teacher and text, and GLUE's test server.</summary>
internal static class ScoreClaims
{
    private const string Needs =
        "Needs BERT-base, English Wikipedia and a GPU (./reproduce.ps1 tinybert --profile paper --corpus FILE); test labels are with GLUE's server, so the predictions must then be handed in there.";

    /// <summary>Declares them.</summary>
    public static IReadOnlyList<ClaimOutcome> Judge(PublishedCells cells) =>
    [
        .. from cell in cells.All
           where cell is { Table: "Table 1", Split: "test", Model: "TinyBERT4" or "TinyBERT6" }
           select VerdictRule.NotRun(
               new Claim
               {
                   Id = $"tinybert.table1.{cell.Model.ToLowerInvariant()}.{cell.Task.ToLowerInvariant()}",
                   Paper = "TinyBERT",
                   Table = "Table 1",
                   Kind = ClaimKind.Score,
                   Statement = $"{cell.Model} scores {cell.Text} ({cell.Metric}) on {cell.Task}, GLUE's test server.",
                   Published = cell.Number,
                   Confidence = cell.Confidence,
                   Unit = "%",
                   Tolerance = Tolerances.Score,
               },
               Needs),
    ];
}
