using Replication.Bert.SubNetworks;
using Replication.Claims;
using Replication.DynaBERT.Report;

namespace Replication.DynaBERT.Claims;

/// <summary>Parameters, operations, the number of sub-networks and their layers: exact, in every profile.</summary>
internal static class SizeClaims
{
    private const string FlopsFinding =
        "Two of the figure's seven points, 23 and 9, lie off by more than rounding: the matrix products take 22.35 and 8.38 G. The paper does not say what it counts; the whole network is cited with 22.5 G elsewhere.";

    /// <summary>Judges them.</summary>
    public static IReadOnlyList<ClaimOutcome> Judge(PublishedCells cells) =>
    [
        .. Points(cells, Sizes.Parameters, "parameters", "M", Tolerances.Parameters, part => Sizes.MillionParameters(part), _ => null),
        .. Points(cells, Sizes.Flops, "flops", "G", Tolerances.Flops, part => Sizes.BillionFlops(part),
            part => (part.Width, part.Depth) is (1, 1) or (0.5, 0.75) ? FlopsFinding : null),
        Count(),
        Layers("three-quarters", 0.75, [1, 2, 4, 5, 6, 8, 9, 10, 12]),
        Layers("half", 0.5, [2, 4, 6, 8, 10, 12]),
    ];

    private static IEnumerable<ClaimOutcome> Points(
        PublishedCells cells, string metric, string id, string unit, Tolerance tolerance, Func<SubNetwork, double> count, Func<SubNetwork, string?> finding)
    {
        foreach (var part in Sizes.All)
        {
            if (Sizes.Published(cells, part, metric) is not { } cell)
                continue;
            var claim = new Claim
            {
                Id = $"dynabert.{id}.{Ids.Of(part.Width, part.Depth)}",
                Paper = "DynaBERT",
                Table = "Comparison figure",
                Kind = ClaimKind.Size,
                Statement = $"DynaBERT ({part.Name}) has {cell.Text} {unit} {(unit == "M" ? "parameters" : "floating-point operations")}.",
                Published = cell.Number,
                Confidence = cell.Confidence,
                Unit = unit,
                Tolerance = tolerance,
                Finding = finding(part),
            };
            yield return VerdictRule.Against(claim, new Measurement(count(part), null, [], $"BERT-base geometry, {part.Name} | counted"));
        }
    }

    private static ClaimOutcome Count() => VerdictRule.Against(
        Claim("sub-networks", "One network holds twelve sub-networks: four widths times three depths.", 12, "sub-networks"),
        new Measurement(Sizes.All.Select(part => (part.Heads, part.Neurons, string.Join(' ', part.Layers))).Distinct().Count(), null, [], "BERT-base geometry | counted"));

    private static ClaimOutcome Layers(string id, double depth, int[] published)
    {
        var kept = KeptLayers.Of(12, depth, DepthRule.Paper);
        return VerdictRule.Against(
            Claim($"layers.{id}", FormattableString.Invariant($"At m_d={depth} layers {string.Join(", ", published)} of 12 stay."), published.Length, "layers alike"),
            new Measurement(kept.SequenceEqual(published) ? published.Length : kept.Intersect(published).Count(), null, [], $"kept layers {string.Join(' ', kept)}"));
    }

    private static Claim Claim(string id, string statement, double published, string unit) => new()
    {
        Id = $"dynabert.{id}", Paper = "DynaBERT", Table = "Section 2", Kind = ClaimKind.Size, Statement = statement, Published = published, Unit = unit, Tolerance = Tolerances.Exact,
    };
}
