using System.Globalization;

namespace Replication.Claims;

/// <summary>What a claim must hold before anything is measured for it.</summary>
public static class ClaimRule
{
    /// <summary>
    /// The widest tolerance of a speed ratio, as a share of the published one; relative ones count from the gain and are narrower.
    /// </summary>
    public const double WidestSpeedTolerance = 0.25;

    /// <summary>Checks a claim and returns it.</summary>
    /// <exception cref="ReplicationException">A number or tolerance is missing, has no reason, or is wider than its kind
    /// allows.</exception>
    public static Claim Validated(Claim claim)
    {
        if (claim.Kind == ClaimKind.Order)
            return claim.Tolerance is null ? claim : throw Bad(claim, "an order is settled by its interval and takes no tolerance");
        if (claim.Published is not { } published || !double.IsFinite(published))
            throw Bad(claim, $"a {Word(claim.Kind)} claim needs the published number");
        if (claim.Tolerance is not { } tolerance)
            throw Bad(claim, $"a {Word(claim.Kind)} claim needs a tolerance");
        if (!double.IsFinite(tolerance.Value) || tolerance.Value < 0)
            throw Bad(claim, "the tolerance must be a finite number that is not negative");
        if (string.IsNullOrWhiteSpace(tolerance.Reason))
            throw Bad(claim, "the tolerance needs its reason");
        if (claim.Kind == ClaimKind.Speed
            && (tolerance.Relative ? tolerance.Value > WidestSpeedTolerance : tolerance.Value > WidestSpeedTolerance * Math.Abs(published)))
            throw Bad(claim, string.Create(
                CultureInfo.InvariantCulture, $"a speed tolerance is at most {100 * WidestSpeedTolerance:0} % of the published ratio"));
        return claim;
    }

    /// <summary>The tolerance in the claim's unit; 0 where there is none.</summary>
    public static double Absolute(Claim claim) => claim.Tolerance switch
    {
        null => 0,
        // Twice as fast where 60 % faster was published is more than half as much again, however near the ratios 2 and 1.6 look.
        { Relative: true } t when claim.Kind == ClaimKind.Speed => t.Value * Math.Abs((claim.Published ?? 1) - 1),
        { Relative: true } t => t.Value * Math.Abs(claim.Published ?? 0),
        var t => t.Value,
    };

    private static string Word(ClaimKind kind) => kind.ToString().ToLowerInvariant();

    private static ReplicationException Bad(Claim claim, string rule) => new($"Claim {claim.Id}: {rule}.");
}
