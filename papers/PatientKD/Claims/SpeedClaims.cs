using Replication.Claims;
using Replication.PatientKD.Report;
using Replication.PatientKD.Speed;

namespace Replication.PatientKD.Claims;

/// <summary>How many times as fast as BERT12 the students of Table 4 are.</summary>
internal static class SpeedClaims
{
    /// <summary>Judges them.</summary>
    public static IReadOnlyList<ClaimOutcome> Judge(Results results, PublishedCells cells) => [.. ((int[])[6, 3]).Select(depth => Judge(results, cells, depth))];

    private static ClaimOutcome Judge(Results results, PublishedCells cells, int depth)
    {
        var cell = cells.Find("Table 4", $"BERT{depth}", "-", "speedup vs BERT12");
        var claim = new Claim
        {
            Id = $"pkd.table4.bert{depth}.speedup",
            Paper = "Patient-KD",
            Table = "Table 4",
            Kind = ClaimKind.Speed,
            Statement = $"BERT{depth} is {cell.Text} times as fast as BERT12 at batch 128 and length 128.",
            Published = cell.RegressionValue,
            Confidence = cell.Confidence,
            Unit = "x",
            Tolerance = Tolerances.Hardware,
        };
        if (SizeTable.Timing(results) is not var (report, signature))
            return VerdictRule.NotRun(claim, "Needs the timing of 12, 6 and 3 layers, a few minutes, which every profile but the reference one has.");
        var ratio = report.Speedup(SpeedSpec.NameOf(12), SpeedSpec.NameOf(depth));
        return VerdictRule.Against(claim, new Measurement(ratio.Median, ratio.Mad, [], signature));
    }
}
