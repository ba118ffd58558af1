using System.Globalization;
using MathNet.Numerics.Statistics;

namespace Replication.Claims;

/// <summary>From a claim and what was measured to a verdict: pure functions, the same for all papers.</summary>
public static class VerdictRule
{
    // Decimal fractions are not exact in binary: 0.8 - 0.7 is more than 0.1 in the 16th digit, and counts as 0.1.
    private const double Rounding = 1e-12;

    /// <summary>
    /// A size, speed, score or agreement against the published number: within the tolerance <see cref="Verdict.Reproduced"/>, else higher is
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
                $"The timings vary by {Difference(measured.Spread.Value)}, more than the tolerance of {Difference(tolerance)}; measure again with nothing beside it.");
        }
        var scale = Math.Max(Math.Abs(published), Math.Abs(measured.Value));
        if (Math.Abs(deviation) <= tolerance + Rounding * scale)
            return new ClaimOutcome(claim, measured, Verdict.Reproduced, $"{Deviation()}, within the tolerance of {Difference(tolerance)}.");
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

    /// <summary>
    /// An order from paired differences. It is settled where the 95 % interval leaves out zero and the sign-flip test's p is below 0.05,
    /// which takes at least six pairs. Tasks whose teacher gives no signal do not count and are named.
    /// </summary>
    /// <param name="claim">An order.</param>
    /// <param name="measured">The mean difference with its signature; where tasks are left out, the outcome has that of the others.</param>
    /// <param name="pairs">Differences; positive speaks for the claim.</param>
    /// <param name="teachers">The teachers' signals, for all tasks of <paramref name="pairs"/> or a part of them.</param>
    /// <param name="publishedTeacher">Whether teacher, data and geometry are the paper's: the verdict is then <see cref="Verdict.Reproduced"/> or <see cref="Verdict.Below"/>.</param>
    /// <exception cref="ReplicationException">The claim is not an order.</exception>
    public static ClaimOutcome Order(
        Claim claim, Measurement measured, IReadOnlyList<PairedDifference> pairs, IReadOnlyList<TeacherSignal> teachers, bool publishedTeacher = false)
    {
        ClaimRule.Validated(claim);
        if (claim.Kind != ClaimKind.Order)
            throw new ReplicationException($"Claim {claim.Id} is not an order; it is judged against its published number.");
        if (FromMemory(claim) is { } memory)
            return NotComparable(claim, measured, memory);

        var silent = teachers.Where(t => !t.Exists).OrderBy(t => t.Task, StringComparer.Ordinal).ToList();
        var counted = pairs.Where(p => silent.All(t => !string.Equals(t.Task, p.Task, StringComparison.Ordinal))).ToList();
        var omitted = silent.Count == 0 ? "" : " Left out: " + string.Join("; ", silent.Select(t => t.Words)) + ".";
        if (counted.Count == 0)
            return new ClaimOutcome(claim, measured, Verdict.Inconclusive, "No task is left to compare on." + omitted);

        var comparison = PairedComparison.Of(counted);
        if (counted.Count < pairs.Count)
            measured = measured with { Value = comparison.Mean, Spread = counted.Count > 1 ? counted.Select(p => p.Value).StandardDeviation() : null };
        var words = comparison.Words(claim.Unit);
        if (comparison.Pairs < PairedComparison.FewestPairs)
        {
            var smallest = SignFlipTest.SmallestP(comparison.Pairs).ToString("0.000", CultureInfo.InvariantCulture);
            return new ClaimOutcome(claim, measured, Verdict.Inconclusive,
                $"Too few pairs to settle an order ({PairedComparison.FewestPairs} are needed, {comparison.Pairs} cannot bring the sign-flip test's p below {smallest}): {words}.{omitted}");
        }
        if (!comparison.Settled)
            return new ClaimOutcome(claim, measured, Verdict.Inconclusive, $"The difference could be chance: {words}.{omitted}");
        var (verdict, says) = (comparison.Mean > 0, publishedTeacher) switch
        {
            (true, false) => (Verdict.AgreesAtSmallScale, "The order holds with another teacher"),
            (false, false) => (Verdict.DisagreesAtSmallScale, "The opposite order holds with another teacher"),
            (true, true) => (Verdict.Reproduced, "The order holds"),
            (false, true) => (Verdict.Below, "The opposite order holds"),
        };
        return new ClaimOutcome(claim, measured, verdict, $"{says}: {words}.{omitted}");
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

    private static string? FromMemory(Claim claim) =>
        claim.Confidence == Confidence.Memory ? "What was published is known from memory only; no source for it is at hand." : null;
}
