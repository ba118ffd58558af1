using Replication.Measurements;

namespace Replication.Bench;

/// <summary>Times a step with the yardstick and what stands beside it, in turn, so that what slows the machine slows all of them.</summary>
internal static class StepTiming
{
    // Of five values the smallest and the largest enclose the median in 94 of 100 cases.
    private const int LeastRounds = 5, MostRounds = 25;

    private const string Product = "torch.mm", Own = "step";

    /// <summary>Fills a row.</summary>
    /// <param name="row">The row with its target.</param>
    /// <param name="subject">What is timed.</param>
    /// <param name="yardstick">The yardstick.</param>
    /// <param name="budget">About how long it may take.</param>
    /// <param name="clock">Gives the timestamps.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public static PerformanceRow Measure(
        PerformanceRow row, StepSubject subject, Yardstick yardstick, TimeSpan budget, TimeProvider clock, CancellationToken cancellation)
    {
        (string, Action)[] passes = [(Product, yardstick.Run), (Own, subject.Step), .. subject.Beside];
        SpeedReport Times(int warmup, int rounds) => SpeedMeasurement.Interleave(passes, warmup, rounds, clock, null, cancellation);
        var load = ProcessorLoad.Begin();
        // The first round tells how many fit into the time.
        var first = Times(1, 1).Seconds;
        var rounds = Math.Clamp((int)(budget.TotalSeconds / first.Values.Sum(seconds => seconds[0])) - 1, LeastRounds, MostRounds);
        var rest = Times(0, rounds - 1).Seconds;
        var times = first.ToDictionary(part => part.Key, part => part.Value.Concat(rest[part.Key]).ToList(), StringComparer.Ordinal);
        var (own, product) = (times[Own], times[Product]);
        var values = own.Select((seconds, i) => Value(
            subject.Measure, subject.Flops, seconds, product[i], subject.Beside.Sum(part => times[part.Name][i])));
        row = row with
        {
            Value = MedianInterval.Of(values),
            Yardstick = Yardstick.Flops / Spread.Of([.. product]).Median,
            OtherWork = load.OfOthers(),
            Setting = FormattableString.Invariant($"{subject.Setting}; {Spread.Of([.. own]).Median:0.000} s"),
        };
        return row.IsReached == true ? row : row with { Profile = subject.Profile() };
    }

    /// <summary>What a round says.</summary>
    /// <param name="measure">What is asked for.</param>
    /// <param name="flops">The step's operations.</param>
    /// <param name="own">The step's seconds.</param>
    /// <param name="product">The yardstick's.</param>
    /// <param name="beside">Those of what stands beside it, added up.</param>
    internal static double Value(StepMeasure measure, double flops, double own, double product, double beside) => measure switch
    {
        StepMeasure.ShareOfYardstick => 100 * flops / own * product / Yardstick.Flops,
        StepMeasure.TimesBeside => own / beside,
        StepMeasure.FasterThanBeside => beside / own,
        StepMeasure.TimesProducts => own / product * Yardstick.Flops / flops,
        _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, null),
    };
}
