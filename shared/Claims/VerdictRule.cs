using System.Globalization;

namespace Replication.Claims;

/// <summary>From a claim and what was measured to a verdict: pure functions, the same for all papers.</summary>
public static class VerdictRule
{
    // Decimal fractions are not exact in binary: 0.8 - 0.7 is more than 0.1 in the 16th digit, and counts as 0.1.
    private const double Rounding = 1e-12;

    /// <summary>
    /// A size, speed, score or agreement against the published number: within the tolerance <see cref="Verdict.Reproduced"/>, else higher
    /// is
    /// <see cref="Verdict.Above"/> and lower <see cref="Verdict.Below"/>; a size that is off either way is <see cref="Verdict.Below"/>.
    /// A speed whose timings vary by more than the tolerance is <see cref="Verdict.Inconclusive"/>.
    /// </summary>
    /// <exception cref="ReplicationException">The claim is not valid, or is an order.</exception>
    public static ClaimOutcome Against(Claim claim, Measurement measured)
    {
        ClaimRule.Validated(claim);
        if (claim.Kind == ClaimKind.Order)
            throw new ReplicationException($"Claim {claim.Id} is an order, which is judged from paired differences.");
        if (FromMemory(claim) is { } reason)
            return NotComparable(claim, measured, reason);
        if (!double.IsFinite(measured.Value))
            return NotComparable(claim, measured, "The measured value is undefined.");

        var published = claim.Published!.Value;
        var tolerance = ClaimRule.Absolute(claim);
        var deviation = measured.Value - published;
        if (claim.Kind == ClaimKind.Speed && measured.Spread > tolerance)
        {
            return new ClaimOutcome(claim, measured, Verdict.Inconclusive,
                $"The timings vary by {Difference(measured.Spread.Value)}, more than the tolerance of {Difference(tolerance)}; measure "
                    + $"again with nothing beside it.");
        }
        var scale = Math.Max(Math.Abs(published), Math.Abs(measured.Value));
        if (Math.Abs(deviation) <= tolerance + Rounding * scale)
            return new ClaimOutcome(
                claim, measured, Verdict.Reproduced, $"{Deviation()}, within the tolerance of {Difference(tolerance)}.");
        var verdict = claim.Kind != ClaimKind.Size && deviation > 0 ? Verdict.Above : Verdict.Below;
        var beyond = $"{Deviation()}, more than the tolerance of {Difference(tolerance)}";
        var eitherWay = claim.Kind switch
        {
            ClaimKind.Size => "; a size has to be exact either way",
            ClaimKind.Agreement => "; two runs of one recipe have to agree either way",
            _ => "",
        };
        return new ClaimOutcome(claim, measured, verdict, $"{beyond}{eitherWay}.");

        string Deviation() => deviation == 0
            ? "Equal to the published number"
            : $"{Difference(Math.Abs(deviation))} {(deviation > 0 ? "over" : "under")} the published number";

        string Difference(double value) => UnitText.Difference(value.ToString("0.####", CultureInfo.InvariantCulture), claim.Unit);
    }

    /// <summary>A claim that was not measured.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="needs">What measuring it takes.</param>
    /// <exception cref="ArgumentException">There is no reason.</exception>
    public static ClaimOutcome NotRun(Claim claim, string needs)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(needs);
        return new ClaimOutcome(claim, null, Verdict.NotRun, needs);
    }

    /// <summary>A claim whose measurement, if any, may not be held against the published number.</summary>
    /// <exception cref="ArgumentException">There is no reason.</exception>
    public static ClaimOutcome NotComparable(Claim claim, Measurement? measured, string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new ClaimOutcome(claim, measured, Verdict.NotComparable, reason);
    }

    /// <summary>Why a number that is known from memory is not compared with; null for one that has a source.</summary>
    public static string? FromMemory(Claim claim) =>
        claim.Confidence == Confidence.Memory ? "What was published is known from memory only; no source for it is at hand." : null;
}
