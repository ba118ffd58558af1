using Replication.Claims;
using Replication.DynaBERT.Report;
using Replication.Studies;
using Timing = Replication.DynaBERT.Report.Timing;

namespace Replication.DynaBERT.Claims;

/// <summary>How many times as fast as BERT-base a sub-network answers on a CPU, one sequence at a time.</summary>
internal static class SpeedClaims
{
    /// <summary>Judges them.</summary>
    public static IReadOnlyList<ClaimOutcome> Judge(Results results, PublishedCells cells)
    {
        var whole = cells.Find(Sizes.Figure, "BERT_BASE", "-", Sizes.Latency).RegressionValue;
        var timing = Timing.Of(results, results.Set.Speed);
        var outcomes = new List<ClaimOutcome>();
        foreach (var part in Sizes.All.Skip(1))
        {
            if (Sizes.Published(cells, part, Sizes.Latency) is not { } cell)
                continue;
            var claim = new Claim
            {
                Id = $"dynabert.speed.{Ids.Of(part.Width, part.Depth)}",
                Paper = "DynaBERT",
                Table = "Comparison figure",
                Kind = ClaimKind.Speed,
                Statement = FormattableString.Invariant($"On a CPU, DynaBERT ({part.Name}) is {whole / cell.RegressionValue:0.00} times as fast as BERT-base."),
                Published = Math.Round(whole / cell.RegressionValue, 3),
                Confidence = cell.Confidence,
                Unit = "x",
                Tolerance = Tolerances.Hardware,
            };
            if (timing is null)
            {
                outcomes.Add(VerdictRule.NotRun(claim, "Needs the timing of the twelve sub-networks, a minute, which every profile has."));
                continue;
            }
            var ratio = timing.Report.Speedup(Sizes.All[0].Name, part.Name);
            outcomes.Add(VerdictRule.Against(claim, new Measurement(ratio.Median, ratio.Mad, [], timing.Signature)));
        }
        return outcomes;
    }
}
