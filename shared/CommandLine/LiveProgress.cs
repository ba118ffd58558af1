using System.Globalization;
using System.Text;
using Replication.Runs;
using Spectre.Console;

namespace Replication.CommandLine;

/// <summary>Progress on a terminal: notes scroll by, and one line below them is drawn again as the run gets on.</summary>
internal sealed class LiveProgress : IRunProgress
{
    private const int BarWidth = 24;
    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(200);

    private readonly IAnsiConsole _console;
    private readonly LiveDisplayContext _display;
    private readonly TimeProvider _clock;
    private readonly ProgressMeter _meter;
    private long _drawn;

    private LiveProgress(IAnsiConsole console, LiveDisplayContext display, TimeProvider clock)
    {
        (_console, _display, _clock) = (console, display, clock);
        _meter = new ProgressMeter(clock);
    }

    public static Task<T> WatchAsync<T>(IAnsiConsole console, TimeProvider clock, Func<IRunProgress, Task<T>> work) =>
        console.Live(new Text("")).AutoClear(true).StartAsync(display => work(new LiveProgress(console, display, clock)));

    public void Begin(string label, long total, long done, string unit)
    {
        _meter.Begin(label, total, done, unit);
        Draw(Line(_meter, null, null, _console.Profile.Width));
    }

    public void Advance(long done, double? loss = null, double? tokensPerSecond = null)
    {
        _meter.Advance(done);
        if (_clock.GetElapsedTime(_drawn) >= RedrawInterval)
            Draw(Line(_meter, loss, tokensPerSecond, _console.Profile.Width));
    }

    public void Note(string text) => _console.WriteLine(text);

    public void End()
    {
        _console.WriteLine($"{_meter.Label}: done after {ProgressMeter.Text(_meter.Elapsed)}");
        _meter.End();
        Draw("");
    }

    /// <summary>The line: bar, work done, loss, rate, time left, label; cut to the terminal's width.</summary>
    internal static string Line(ProgressMeter meter, double? loss, double? tokensPerSecond, int width)
    {
        var filled = meter.Total <= 0 ? BarWidth : (int)Math.Clamp(BarWidth * meter.Done / meter.Total, 0, BarWidth);
        var line = new StringBuilder()
            .Append('━', filled).Append('╌', BarWidth - filled)
            .Append(CultureInfo.InvariantCulture, $" {meter.Done:n0}/{meter.Total:n0} {meter.Unit}");
        if (loss is { } value)
            line.Append(CultureInfo.InvariantCulture, $"  loss {value:0.0000}");
        if (tokensPerSecond is { } rate)
            line.Append(CultureInfo.InvariantCulture, $"  {rate:n0} tokens/s");
        if (meter.Left is { } left)
            line.Append(CultureInfo.InvariantCulture, $"  {ProgressMeter.Text(left)} left");
        line.Append(CultureInfo.InvariantCulture, $"  {meter.Label}");
        return line.Length < width ? line.ToString() : line.ToString(0, Math.Max(0, width - 1));
    }

    private void Draw(string line)
    {
        _drawn = _clock.GetTimestamp();
        _display.UpdateTarget(new Text(line));
    }
}
