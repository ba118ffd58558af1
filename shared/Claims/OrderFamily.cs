using System.Globalization;
using static System.FormattableString;

namespace Replication.Claims;

/// <summary>
/// A paper's orders, judged together over replicates. Holm's adjustment of the t-tests decides which settle; an order that does not
/// and whose interval at level 1 - alpha/m lies within plus or minus the smallest effect of interest makes no difference that matters.
/// Exact sign flips, each task's own interval and the interval over dev rows are shown beside it and decide nothing.
/// </summary>
public static class OrderFamily
{
    private const double Power = 0.8;

    /// <summary>Judges the primary orders as one family.</summary>
    /// <param name="orders">The family.</param>
    /// <param name="plan">When verdicts are taken.</param>
    /// <param name="publishedTeacher">Whether teacher, data and geometry are the paper's.</param>
    public static IReadOnlyList<ClaimOutcome> Judge(IReadOnlyList<OrderEvidence> orders, LookPlan plan, bool publishedTeacher = false)
    {
        var replicates = orders.Select(o => o.ByReplicate()).ToList();
        var outcomes = new ClaimOutcome?[orders.Count];
        foreach (var look in plan.Looks)
        {
            var samples = replicates.Zip(orders, (r, order) => order.Shared is null ? At(r, look.Replicates) : null).ToList();
            var decisions = Decide([.. samples.Zip(orders, (sample, order) => (sample, order.Form, order.SmallestEffect))], look.Alpha);
            for (var i = 0; i < orders.Count; i++)
            {
                if (decisions[i] is { } decision && outcomes[i] is null or { Verdict: Verdict.Inconclusive })
                    outcomes[i] = new Judgement(orders[i], samples[i]!, decision, look.Alpha, orders.Count, publishedTeacher).Outcome();
            }
        }
        if (outcomes.All(outcome => outcome is not null))
            return [.. outcomes.Select(outcome => outcome!)];
        // What is there so far, with the same numbers beside it.
        List<ReplicateSample?> seen =
            [.. replicates.Select(r => r.Count == 0 ? null : new ReplicateSample([.. r.Select(one => one.Difference)]))];
        var hints = Decide([.. seen.Zip(orders, (sample, order) => (sample, order.Form, order.SmallestEffect))], LookPlan.Level);
        return [.. outcomes.Select((outcome, i) => outcome ?? Unfinished(i))];

        ClaimOutcome Unfinished(int i)
        {
            var (order, first) = (orders[i], plan.Looks[0].Replicates);
            if (order.Differences.Count > 0 && order.Tasks.Count == 0)
                return new ClaimOutcome(order.Claim, null, Verdict.Inconclusive, $"No task is left to compare on.{order.Note}");
            if (seen[i] is not { } sample)
                return VerdictRule.NotRun(order.Claim, order.Needs ?? $"Needs {first} replicates of {string.Join(", ", order.Tasks)}.");
            int[] numbers = [.. replicates[i].Select(r => r.Replicate)];
            var judgement =
                new Judgement(order, sample, hints[i]!, LookPlan.Level, orders.Count, publishedTeacher) { Replicates = numbers };
            var words = $"{judgement.Numbers()}{judgement.Outlook()}.{order.Next}{order.Note}";
            return new ClaimOutcome(order.Claim, Measured(order, sample, numbers), Verdict.Inconclusive, order.Shared is null
                ? $"{numbers.Length} of {first} planned replicates: {words}"
                : $"0 of {first} planned replicates, since the {numbers.Length} seeds here share random draws ({order.Shared}). For "
                    + $"these draws alone{judgement.Hint()}: {words}");
        }
    }

    // The replicates of a look, where all are there.
    private static ReplicateSample? At(IReadOnlyList<(int Replicate, double Difference)> replicates, int count)
    {
        var counted = replicates.Where(r => r.Replicate >= 1 && r.Replicate <= count).ToList();
        return counted.Count == count ? new ReplicateSample([.. counted.Select(r => r.Difference)]) : null;
    }

    private static Measurement Measured(OrderEvidence order, ReplicateSample sample, IReadOnlyList<int> replicates) =>
        new(sample.Mean, sample.Count < 2 ? null : sample.HasSpread ? sample.StandardDeviation : 0, replicates, order.Signature);

    /// <summary>What a family's samples show, an order each: the rule alone, without words.</summary>
    /// <param name="orders">Each order's sample (null where the look's replicates are not all there), form and smallest effect.</param>
    /// <param name="alpha">The chance of any false decision that may be spent.</param>
    internal static IReadOnlyList<OrderDecision?> Decide(
        IReadOnlyList<(ReplicateSample? Sample, OrderForm Form, double SmallestEffect)> orders, double alpha)
    {
        var adjusted = Holm.Adjust(
            [.. orders.Select(o => o.Sample is { } sample ? sample.TwoSidedPOf(OrderEvidence.BoundOf(o.Form, o.SmallestEffect)) ?? 1 : 1)]);
        return [.. orders.Zip(
            adjusted, (order, p) => order.Sample is { } sample ? Decide(sample, p, order.Form, order.SmallestEffect) : null)];

        OrderDecision Decide(ReplicateSample sample, double p, OrderForm form, double margin)
        {
            var level = 1 - alpha / orders.Count;
            var isSmall = form == OrderForm.Superiority && sample.HasSpread && sample.Interval(level).Inside(-margin, margin);
            return new OrderDecision(p, level, p < alpha ? Math.Sign(sample.Mean - OrderEvidence.BoundOf(form, margin)) : 0, isSmall);
        }
    }

    private sealed record Judgement(
        OrderEvidence Order, ReplicateSample Sample, OrderDecision Decision, double Alpha, int Family, bool PublishedTeacher)
    {
        /// <summary>Numbers of the replicates, in the sample's order.</summary>
        public IReadOnlyList<int> Replicates { get; init; } = [.. Enumerable.Range(1, Sample.Count)];

        public ClaimOutcome Outcome()
        {
            var (verdict, says) = Verdict();
            return new ClaimOutcome(Order.Claim, Measured(Order, Sample, Replicates), verdict, $"{says}: {Numbers()}.{Order.Note}");
        }

        /// <summary>How many replicates it would take, where the sample can tell.</summary>
        public string Outlook() => Sample.HasSpread ? $"; {Needed()}" : "";

        /// <summary>Where the numbers point, as far as they do.</summary>
        public string Hint() => Decision switch
        {
            { Side: > 0 } => " the order holds",
            { Side: < 0 } => " the opposite order holds",
            { IsSmall: true } => " there is no difference that matters",
            _ => " nothing is settled",
        };

        private (Verdict Verdict, string Says) Verdict()
        {
            var effect = Invariant($"{Order.SmallestEffect:0.##} {Order.Claim.Unit}");
            var small = Decision.IsSmall ? $", though by less than the {effect} that would matter" : "";
            return (Decision.Side, PublishedTeacher) switch
            {
                (0, _) when !Sample.HasSpread => (Claims.Verdict.Inconclusive, "The replicates do not differ, so no test can tell"),
                (0, _) when Decision.IsSmall =>
                    (Claims.Verdict.NoDifferenceThatMatters, $"Within plus or minus {effect}, the smallest effect of interest"),
                (0, _) => (Claims.Verdict.Inconclusive, $"The difference could be chance; {Needed()}"),
                ( > 0, true) => (Claims.Verdict.Reproduced, $"{Holds(true)}{small}"),
                ( > 0, false) => (Claims.Verdict.AgreesAtSmallScale, $"{Holds(true)} with another teacher{small}"),
                ( < 0, true) => (Claims.Verdict.Below, $"{Holds(false)}{small}"),
                ( < 0, false) => (Claims.Verdict.DisagreesAtSmallScale, $"{Holds(false)} with another teacher{small}"),
            };

            string Holds(bool asClaimed) => (Order.Form, asClaimed) switch
            {
                (OrderForm.NonInferiority, true) => $"Not below by {effect} or more",
                (OrderForm.NonInferiority, false) => $"Below by more than {effect}",
                (_, true) => "The order holds",
                _ => "The opposite order holds",
            };
        }

        private string Needed()
        {
            var alpha = Alpha / Family;
            var settle = TTestPower.ReplicatesFor(Math.Abs(Sample.Mean - Order.Bound) / Sample.StandardDeviation, Power, alpha);
            return settle is { } n
                ? $"at this difference and spread {(Order.Shared is null ? "" : "at least ")}{n} replicates would settle it with a "
                    + $"power of {Invariant($"{Power:0.0}")}"
                : "at this difference and spread no feasible number of replicates would settle it";
        }

        private string Unit =>
            (Order.Shared, Sample.Count) switch { (null, 1) => "replicate", (null, _) => "replicates", (_, 1) => "seed", _ => "seeds" };

        public string Numbers()
        {
            var own = Sample.Interval(Decision.Level);
            var parts = new List<string>
            {
                Invariant($"{Sample.Count} {Unit}, mean difference {Signed(Sample.Mean)} {Order.Claim.Unit}"),
            };
            if (Sample.HasSpread)
            {
                parts.Add(Invariant($"{100 * Decision.Level:0.##} % interval {Signed(own.Low)} to {Signed(own.High)}"));
                parts.Add(Invariant($"p {Math.Max(Decision.P, 0.0001):0.0000} by Holm over {Family} {(Family == 1 ? "order" : "orders")}"));
            }
            if (Sample.Count > 1)
                parts.Add(Invariant($"sign flips p {SignFlipTest.TwoSidedP([.. Sample.Values.Select(v => v - Order.Bound)]):0.000}"));
            if (Order.OverRows is { } rows)
                parts.Add(Invariant($"over replicates and dev rows {Signed(rows.Low)} to {Signed(rows.High)}"));
            if (Order.Tasks.Count > 1)
                parts.AddRange(Order.Tasks.Select(TaskWords));
            return string.Join(", ", parts);
        }

        private string TaskWords(string task)
        {
            var sample = new ReplicateSample(
                [.. Order.Differences.Where(d => d.Task == task && Replicates.Contains(d.Replicate)).Select(d => d.Value)]);
            if (!sample.HasSpread)
                return Invariant($"{task} {Signed(sample.Mean)}");
            var interval = sample.Interval(LookPlan.Confidence);
            return $"{task} {Signed(sample.Mean)} [{Signed(interval.Low)}, {Signed(interval.High)}]";
        }

        private static string Signed(double value) => value.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);
    }
}

/// <summary>What the rule decides on one order.</summary>
/// <param name="P">Its t-test's p, adjusted over the family.</param>
/// <param name="Level">Level of its interval.</param>
/// <param name="Side">1 or -1 where the order is settled, the paper's way round or the opposite one; 0 where it is not.</param>
/// <param name="IsSmall">Whether the interval lies within plus or minus the smallest effect of interest.</param>
internal sealed record OrderDecision(double P, double Level, int Side, bool IsSmall);
