using Replication.Claims;
using Replication.DistilBERT.Report;

namespace Replication.DistilBERT.Claims;

/// <summary>How many times as fast as BERT-base DistilBERT is on STS-B's dev set, and on a phone.</summary>
internal static class SpeedClaims
{
    /// <summary>Judges them.</summary>
    public static IReadOnlyList<ClaimOutcome> Judge(Results results, PublishedCells cells)
    {
        var published = Math.Round(SpeedTable.PublishedSpeedup(cells, SpeedSpec.DistilBert), 2);
        var table = Claim("table3.speedup", "Table 3", FormattableString.Invariant(
            $"DistilBERT is {published} times as fast as BERT-base (60 % faster) on STS-B's dev set, one pair at a time on a CPU."), published);
        var phone = Claim("phone.speedup", "Section 4.1", "DistilBERT is 71 % faster than BERT-base on a phone, tokenisation left out.", 1.71);
        return
        [
            SpeedTable.Timing(results) is var (report, signature)
                ? VerdictRule.Against(table, new Measurement(report.Speedup(SpeedSpec.BertBase, SpeedSpec.DistilBert).Median, null, [], signature))
                : VerdictRule.NotRun(table, "Needs the timing on STS-B's dev set, a few minutes, which every profile has: ./reproduce.ps1 distilbert."),
            VerdictRule.NotRun(phone, "Needs an iPhone 7 Plus and the model in its format."),
        ];
    }

    private static Claim Claim(string id, string table, string statement, double published) => new()
    {
        Id = $"distilbert.{id}",
        Paper = "DistilBERT",
        Table = table,
        Kind = ClaimKind.Speed,
        Statement = statement,
        Published = published,
        Unit = "x",
        Tolerance = Tolerances.Hardware,
        Finding = "Half of the layers are half of the work, a ratio of two; the paper's is lower because what its full pass counts beside the layers is the same for both models.",
    };
}
