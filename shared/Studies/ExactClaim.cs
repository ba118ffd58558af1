using Replication.Claims;

namespace Replication.Studies;

/// <summary>A statement that is counted from the source and needs no run: a layer map, a number of sub-networks.</summary>
/// <param name="Id">The claim's id after the paper's prefix.</param>
/// <param name="Table">Where the paper says it.</param>
/// <param name="Statement">The statement in one sentence.</param>
/// <param name="Published">The published number.</param>
/// <param name="Counted">The number here.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="How">What was counted, for the signature.</param>
public sealed record ExactClaim(string Id, string Table, string Statement, double Published, double Counted, string Unit, string How)
{
    /// <summary>How far the count may be off.</summary>
    public Tolerance Tolerance { get; init; } = Tolerances.Exact;

    /// <summary>How well the published number is sourced.</summary>
    public Confidence Confidence { get; init; } = Confidence.Sourced2;

    /// <summary>A layer map, as the number of layers that are alike.</summary>
    public static ExactClaim OfMap(string id, string table, string statement, IReadOnlyList<int> published, Distillation.LayerMap map) =>
        new(
            id, table, statement, published.Count, map.Pairs.Zip(published).Count(pair => pair.First.Teacher == pair.Second),
            "layers alike", map.ToString());

    /// <summary>A count against a published cell, with its unit and source.</summary>
    public static ExactClaim Of(string id, string table, string statement, PublishedCell cell, double counted, string how) =>
        new(id, table, statement, cell.RegressionValue, counted, cell.Unit, how) { Confidence = cell.Confidence };

    /// <summary>The verdict.</summary>
    public ClaimOutcome Judge(Study study)
    {
        var claim = study.Claim(Id, Table, ClaimKind.Size, Statement, Published, Unit) with
        {
            Confidence = Confidence, Tolerance = Tolerance,
        };
        return VerdictRule.Against(claim, new Measurement(Counted, null, [], How));
    }
}
