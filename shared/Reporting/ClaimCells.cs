using Replication.Claims;

namespace Replication.Reporting;

/// <summary>A claim's row as people read it.</summary>
internal sealed record ClaimCells(string Statement, string Published, string Measured, string Tolerance, string Reason)
{
    public static ClaimCells Of(ClaimOutcome outcome)
    {
        var (claim, measured) = (outcome.Claim, outcome.Measured);
        var reason = claim.Finding is { } finding && Standings.Of(outcome) == Standing.Warns
            ? $"{outcome.Reason} A finding: {claim.Finding}" : outcome.Reason;
        return new ClaimCells(
            claim.Statement,
            claim.Published is { } p ? UnitText.Of(NumberText.Of(p), claim.Unit) : "",
            measured is { } m ? UnitText.Of(NumberText.Of(m.Value, m.Spread), claim.Unit) : "",
            claim.Tolerance is { } t
                ? "± " + (t.Relative
                    ? $"{NumberText.Of(100 * t.Value)} %{(claim.Kind == ClaimKind.Speed ? " of the gain" : "")}"
                    : UnitText.Difference(NumberText.Of(t.Value), claim.Unit))
                : "",
            reason);
    }
}
