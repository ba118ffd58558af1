using System.Globalization;
using Replication.Runs;
using static System.FormattableString;

namespace Replication.CommandLine;

/// <summary>Progress on a terminal: notes scroll by, and one line below them is redrawn as the work proceeds.</summary>
/// <param name="host">The terminal.</param>
/// <param name="line">Its last line.</param>
/// <param name="forecast">Time left of the plan that the runs are of; null where there is none.</param>
internal sealed class LiveProgress(CommandLineHost host, LiveLine line, PlanForecast? forecast) : IRunProgress
{
    private const int BarWidth = 16;
    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(200);

    private readonly ProgressMeter _meter = new(host.Clock);
    private long _drawn;
    private (double? Loss, double? TokensPerSecond) _newest;

    public void Begin(string label, long total, long done, string unit)
    {
        _meter.Begin(label, total, done, unit);
        _newest = default;
        Draw();
    }

    public void Advance(long done, double? loss = null, double? tokensPerSecond = null)
    {
        _meter.Advance(done);
        _newest = (loss, tokensPerSecond);
        DrawIfDue();
    }

    public void Aside(string what, long done, long total, string unit)
    {
        _meter.BeginAside(what, done, total, unit);
        DrawIfDue();
    }

    public void Note(string text)
    {
        host.Write(host.Output, text);
        Draw();
    }

    public void NextRun(int number, int count, string label)
    {
        forecast?.Next(number);
        Note(string.Create(CultureInfo.InvariantCulture, $"run {number} of {count}: {label}"));
    }

    public void RunDone(int number) => forecast?.Done(number);

    public void End()
    {
        var text = $"{_meter.Label}: done after {ProgressMeter.Text(_meter.Elapsed)}";
        _meter.End();
        Note(text);
    }

    /// <summary>What is done, loss, rate, time left of the run and of the plan; label and bar where there is room for them.</summary>
    internal static string Text(ProgressMeter meter, double? loss, double? tokensPerSecond, TimeSpan? ofPlan, int columns)
    {
        if (meter.Label.Length == 0)
            return meter.Aside is { } aside ? TextWidth.Shorten(aside, columns) : "";
        var isOwnWork = meter.Aside is null;
        var text = TextWidth.Fit(
            [
                new(meter.Aside ?? Invariant($"{meter.Done:n0}/{meter.Total:n0} {meter.Unit}"), 0),
                new(isOwnWork && loss is { } value ? Invariant($"loss {value:0.0000}") : "", 4),
                new(isOwnWork && tokensPerSecond is { } rate ? Invariant($"{rate:n0} tokens/s") : "", 3),
                new(meter.Left is { } left ? $"{ProgressMeter.Text(left)} left" : "", 1),
                new(ofPlan is { } all ? $"{ProgressMeter.Text(all)} for all" : "", 2),
            ],
            columns);
        text = TextWidth.Join(text, TextWidth.Shorten(meter.Label, columns - TextWidth.WithGap(text)));
        return columns >= TextWidth.WithGap(text) + BarWidth ? TextWidth.Join(Bar(meter), text) : text;
    }

    private static string Bar(ProgressMeter meter)
    {
        var filled = meter.Total <= 0 ? 0 : (int)Math.Clamp(BarWidth * meter.Done / meter.Total, 0, BarWidth);
        return new string('━', filled) + new string('╌', BarWidth - filled);
    }


    // A line as wide as the terminal makes some of them begin a new one.
    private int Columns => Math.Max(1, host.Width() - 1);

    private void DrawIfDue()
    {
        if (host.Clock.GetElapsedTime(_drawn) >= RedrawInterval)
            Draw();
    }

    private void Draw()
    {
        _drawn = host.Clock.GetTimestamp();
        line.Draw(Text(_meter, _newest.Loss, _newest.TokensPerSecond, forecast?.Left(_meter.Left), Columns));
    }
}
