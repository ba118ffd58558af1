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
        var round = Times(1, 1).Seconds.Values.Sum(seconds => seconds[0]);
        var times = Times(0, Math.Clamp((int)(budget.TotalSeconds / round) - 2, LeastRounds, MostRounds)).Seconds;
        var (own, product) = (times[Own], times[Product]);
        var values = own.Select((seconds, i) =>
        {
            var rate = Yardstick.Flops / product[i];
            var beside = subject.Beside.Sum(part => times[part.Name][i]);
            return subject.Measure switch
            {
                StepMeasure.ShareOfYardstick => 100 * subject.Flops / seconds / rate,
                StepMeasure.TimesBeside => seconds / beside,
                StepMeasure.FasterThanBeside => beside / seconds,
                StepMeasure.TimesProducts => seconds * rate / subject.Flops,
                _ => throw new ArgumentOutOfRangeException(nameof(subject), subject.Measure, null),
            };
        });
        row = row with
        {
            Value = MedianInterval.Of(values),
            Yardstick = Yardstick.Flops / Spread.Of([.. product]).Median,
            OtherWork = load.OfOthers(),
            Setting = FormattableString.Invariant($"{subject.Setting}; {Spread.Of([.. own]).Median:0.000} s"),
        };
        return row.IsReached == true ? row : row with { Profile = subject.Profile() };
    }
}
