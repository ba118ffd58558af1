using Replication.Claims;
using Replication.Distillation;
using Replication.PatientKD.Report;

namespace Replication.PatientKD.Claims;

/// <summary>Parameters of Table 4, and the layers that the two maps take: exact, in every profile.</summary>
internal static class SizeClaims
{
    private const string CodeOnly = "not in the paper (authors' code)";

    /// <summary>Judges them.</summary>
    public static IReadOnlyList<ClaimOutcome> Judge(PublishedCells cells) => [.. Parameters(cells), .. Maps()];

    private static IEnumerable<ClaimOutcome> Parameters(PublishedCells cells)
    {
        // BERT12 against itself is 1 whatever is counted.
        var counted = cells.All.Where(cell => cell.Table == "Table 4" && (cell.Metric.StartsWith('#') || (cell.Metric.StartsWith("size", StringComparison.Ordinal) && cell.Model != "BERT12")));
        foreach (var cell in counted)
        {
            var depth = cell.Model.StartsWith("BERT", StringComparison.Ordinal) ? int.Parse(cell.Model.AsSpan(4), System.Globalization.CultureInfo.InvariantCulture) : 12;
            var claim = new Claim
            {
                Id = $"pkd.table4.{ClaimId.Of(cell.Model)}.{ClaimId.Of(cell.Metric)}",
                Paper = "Patient-KD",
                Table = "Table 4",
                Kind = ClaimKind.Size,
                Statement = cell.Unit == "M"
                    ? $"{cell.Model}: {cell.Metric} {cell.Text} M{(cell.Metric == SizeTable.Softmax ? ", which are the pooler's: a classifier of two classes has 0.0015 M" : "")}."
                    : $"{cell.Model} is {cell.Text} times as small as BERT12.",
                Published = cell.Number,
                Confidence = cell.Confidence,
                Unit = cell.Unit,
                Tolerance = Tolerances.Rounding(cell.Text),
            };
            yield return VerdictRule.Against(claim, new Measurement(SizeTable.Counted(depth, cell.Metric), null, [], $"BERT-base geometry, {depth} layers | counted"));
        }
    }

    private static IEnumerable<ClaimOutcome> Maps()
    {
        yield return Map("skip", "PKD-Skip", "Section 3.2", [2, 4, 6, 8, 10], PatientLayerMaps.Skip(12, 6));
        yield return Map("last", "PKD-Last", "Section 3.2", [7, 8, 9, 10, 11], PatientLayerMaps.Last(12, 6));
        yield return Map("skip24", "PKD-Skip from 24 layers", CodeOnly, [4, 8, 12, 16, 20], PatientLayerMaps.Skip(24, 6));
    }

    private static ClaimOutcome Map(string id, string name, string table, int[] published, LayerMap map)
    {
        var claim = new Claim
        {
            Id = $"pkd.map.{id}",
            Paper = "Patient-KD",
            Table = table,
            Kind = ClaimKind.Size,
            Statement = $"{name} teaches layers 1 to 5 of BERT6 by the teacher's layers {string.Join(", ", published)}.",
            Published = published.Length,
            Confidence = table == CodeOnly ? Confidence.Sourced1 : Confidence.Sourced2,
            Unit = "layers alike",
            Tolerance = Tolerances.Exact,
        };
        var alike = map.Pairs.Zip(published).Count(p => p.First.Teacher == p.Second);
        return VerdictRule.Against(claim, new Measurement(alike, null, [], map.ToString()));
    }
}
