using Replication.Claims;

namespace Replication.Studies;

/// <summary>The verdicts on a study's orders: the primary ones as one family, each other alone.</summary>
internal static class OrderVerdicts
{
    /// <summary>A verdict an order, in the study's order.</summary>
    public static IReadOnlyList<ClaimOutcome> Of(StudyResults results)
    {
        var study = results.Study;
        var plan = study.Looks;
        var isPapersOwn = study.IsPapersOwn && study.ShortText(results) is null;
        var evidence = study.Orders.ToDictionary(order => order.Id, order => order.Evidence(results), StringComparer.Ordinal);
        var primary = study.Orders.Where(order => order.IsPrimary).Select(order => evidence[order.Id]).ToList();
        // Orders without runs stay in the family: which ones there are was said before.
        var family = primary.Count == 0 ? [] : OrderFamily.Judge(primary, plan, isPapersOwn);
        var judged = primary.Zip(family).ToDictionary(pair => pair.First.Claim.Id, pair => pair.Second, StringComparer.Ordinal);
        return [.. evidence.Values.Select(order => Verdict(order))];

        ClaimOutcome Verdict(OrderEvidence order)
        {
            var outcome = judged.TryGetValue(order.Claim.Id, out var found) ? found : OrderFamily.Judge([order], plan, isPapersOwn)[0];
            return VerdictRule.FromMemory(order.Claim) is { } reason
                ? VerdictRule.NotComparable(order.Claim, outcome.Measured, reason)
                : outcome;
        }
    }
}
