using Replication.Bert;
using Replication.Bert.Distil;
using Replication.Claims;
using Replication.DistilBERT.Report;

namespace Replication.DistilBERT.Claims;

/// <summary>Parameters of Table 3, the reduction in size, and the student's geometry: exact, in every profile.</summary>
internal static class SizeClaims
{
    private const string SetUp = "claims and set-up";

    /// <summary>Judges them.</summary>
    public static IReadOnlyList<ClaimOutcome> Judge(PublishedCells cells) => [.. Parameters(cells), Reduction(cells), .. Geometry(cells)];

    private static IEnumerable<ClaimOutcome> Parameters(PublishedCells cells) =>
        from model in (string[])[SpeedSpec.BertBase, SpeedSpec.DistilBert]
        let cell = cells.Find("Table 3", model, "-", "#params")
        select Judge($"table3.{ClaimId.Of(model)}.parameters", "Table 3", $"{model} has {cell.Text} million parameters.", cell, Tolerances.Millions(cell.RegressionValue), SpeedTable.Millions(model));

    private static ClaimOutcome Reduction(PublishedCells cells)
    {
        var cell = cells.Find(SetUp, "DistilBERT", "-", "size reduction vs BERT-base");
        var measured = 100 * (1 - (SpeedTable.Millions(SpeedSpec.DistilBert) / SpeedTable.Millions(SpeedSpec.BertBase)));
        return Judge("size.reduction", "Abstract", $"DistilBERT is {cell.Text} % smaller than BERT-base.", cell, Tolerances.Reduction, measured);
    }

    private static IEnumerable<ClaimOutcome> Geometry(PublishedCells cells)
    {
        var config = BertConfig.Base.ToDistil(TeacherLayers.Half(BertConfig.Base.NumHiddenLayers));
        (string Metric, int Value)[] parts =
        [
            ("layers", config.NumHiddenLayers), ("hidden size", config.HiddenSize), ("attention heads", config.NumAttentionHeads), ("FFN size", config.IntermediateSize),
        ];
        return
            from part in parts
            let cell = cells.Find(SetUp, "DistilBERT", "-", part.Metric)
            select Judge($"geometry.{ClaimId.Of(part.Metric)}", "Section 3", $"DistilBERT's {part.Metric}: {cell.Text}.", cell, Tolerances.Exact, part.Value);
    }

    private static ClaimOutcome Judge(string id, string table, string statement, PublishedCell cell, Tolerance tolerance, double counted) => VerdictRule.Against(
        new Claim
        {
            Id = $"distilbert.{id}",
            Paper = "DistilBERT",
            Table = table,
            Kind = ClaimKind.Size,
            Statement = statement,
            Published = cell.RegressionValue,
            Confidence = cell.Confidence,
            Unit = cell.Unit,
            Tolerance = tolerance,
        },
        new Measurement(counted, null, [], "BERT-base geometry, halved | counted"));
}
