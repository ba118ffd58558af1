using System.Globalization;
using MathNet.Numerics.Statistics;

namespace Replication.Claims;

/// <summary>Scores of one recipe from two programs, a number per seed.</summary>
/// <param name="Claim">The claim; its kind is <see cref="ClaimKind.Agreement"/>, its tolerance the margin of equivalence, null for
/// none.</param>
/// <param name="Theirs">The other program's.</param>
/// <param name="Ours">Ours, none where nothing was measured.</param>
/// <param name="Seeds">The seeds of ours.</param>
/// <param name="Signature">The line beside our number.</param>
public sealed record AgreementEvidence(
    Claim Claim, IReadOnlyList<double> Theirs, IReadOnlyList<double> Ours, IReadOnlyList<int> Seeds, string Signature);

/// <summary>
/// Whether two programs agree: no cell may differ by Welch's test after Holm over all cells, and where a margin is named the two are
/// equal by two one-sided tests. Not to differ is no proof of agreement, so that it is inconclusive without the second.
/// </summary>
public static class AgreementFamily
{
    /// <summary>Judges the cells as one family.</summary>
    /// <param name="cells">The cells.</param>
    /// <param name="needs">What measuring a cell takes.</param>
    public static IReadOnlyList<ClaimOutcome> Judge(IReadOnlyList<AgreementEvidence> cells, string needs)
    {
        var tests = cells.Select(
            cell => cell.Ours.Count < 2 || cell.Ours.Concat(cell.Theirs).Distinct().Count() < 2
            ? null
            : new WelchTest(cell.Ours, cell.Theirs)).ToList();
        var adjusted = Holm.Adjust([.. tests.Select(test => test?.TwoSidedP ?? 1)]);
        return [.. cells.Select(
            (cell, i) => cell.Ours.Count == 0 ? VerdictRule.NotRun(cell.Claim, needs) : Judge(cell, tests[i], adjusted[i], cells.Count))];
    }

    private static ClaimOutcome Judge(AgreementEvidence cell, WelchTest? test, double p, int family)
    {
        var measured =
            new Measurement(cell.Ours.Mean(), cell.Ours.Count > 1 ? cell.Ours.StandardDeviation() : null, cell.Seeds, cell.Signature);
        if (test is null)
            return new ClaimOutcome(cell.Claim, measured, Verdict.Inconclusive, "Two seeds are needed to compare.");
        var sizes = string.Create(
            CultureInfo.InvariantCulture,
            $"{test.Difference:+0.00;-0.00;0.00} points, {cell.Ours.Count} seeds against {cell.Theirs.Count}, Welch's test p {p:0.000} "
            + $"by Holm over {family} cells");
        if (p < LookPlan.Level)
            return new ClaimOutcome(
                cell.Claim, measured, test.Difference > 0 ? Verdict.Above : Verdict.Below,
                $"The two differ: {sizes}; two runs of one recipe have to agree either way.");
        if (cell.Claim.Tolerance is not { } margin)
            return new ClaimOutcome(
                cell.Claim, measured, Verdict.Inconclusive,
                $"No difference is seen: {sizes}. The seeds lie too far apart to show that there is none.");
        var equal = test.EquivalenceP(margin.Value);
        var words = string.Create(CultureInfo.InvariantCulture, $"{sizes}; equivalence within {margin.Value:0.##} points p {equal:0.000}");
        return equal < LookPlan.Level
            ? new ClaimOutcome(cell.Claim, measured, Verdict.Reproduced, $"Equal within the margin: {words}.")
            : new ClaimOutcome(cell.Claim, measured, Verdict.Inconclusive, $"No difference is seen, and equality is not shown: {words}.");
    }
}
