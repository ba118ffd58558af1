using System.Globalization;
using System.Text;

namespace Replication.Runs;

/// <summary>
/// Progress as lines, for files and pipes: one at the beginning and end of a run, and between them at most one an interval.
/// </summary>
/// <param name="output">Where the lines go.</param>
/// <param name="clock">The clock.</param>
/// <param name="interval">Shortest time between two lines of a run.</param>
/// <param name="forecast">Time left of the plan that the runs are of; null where there is none.</param>
public sealed class PlainProgress(TextWriter output, TimeProvider clock, TimeSpan interval, PlanForecast? forecast = null) : IRunProgress
{
    private readonly ProgressMeter _meter = new(clock);
    private long _written;

    /// <inheritdoc/>
    public void Begin(string label, long total, long done, string unit)
    {
        _meter.Begin(label, total, done, unit);
        var from = done > 0 ? string.Create(CultureInfo.InvariantCulture, $", from {done:n0}") : "";
        WriteLine(string.Create(CultureInfo.InvariantCulture, $"{label}: {total:n0} {unit}{from}"));
    }

    /// <inheritdoc/>
    public void Advance(long done, double? loss = null, double? tokensPerSecond = null)
    {
        _meter.Advance(done);
        if (clock.GetElapsedTime(_written) < interval)
            return;
        var line = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{_meter.Label}: {done:n0} of {_meter.Total:n0} {_meter.Unit}");
        if (loss is { } l)
            line.Append(CultureInfo.InvariantCulture, $", loss {l:0.0000}");
        if (tokensPerSecond is { } rate)
            line.Append(CultureInfo.InvariantCulture, $", {rate:n0} tokens/s");
        if (_meter.Left is { } left)
            line.Append(CultureInfo.InvariantCulture, $", {ProgressMeter.Text(left)} left");
        WriteLine(line.ToString());
    }

    /// <inheritdoc/>
    public void Aside(string what, long done, long total, string unit)
    {
        _meter.BeginAside(what, done, total, unit);
        if (clock.GetElapsedTime(_written) >= interval)
            WriteLine(Labelled(_meter.Aside!));
    }

    /// <inheritdoc/>
    public void NextRun(int number, int count, string label)
    {
        var left = forecast is null ? "" : $" ({ProgressMeter.Text(forecast.Left(null))} left for all)";
        forecast?.Next(number);
        WriteLine(string.Create(CultureInfo.InvariantCulture, $"run {number} of {count}{left}: {label}"));
    }

    /// <inheritdoc/>
    public void RunDone(int number) => forecast?.Done(number);

    /// <inheritdoc/>
    public void Note(string text) => output.WriteLine(Labelled(text));

    /// <inheritdoc/>
    public void End()
    {
        WriteLine($"{_meter.Label}: done after {ProgressMeter.Text(_meter.Elapsed)}");
        _meter.End();
    }

    private string Labelled(string text) => _meter.Label.Length > 0 ? $"{_meter.Label}: {text}" : text;

    private void WriteLine(string line)
    {
        output.WriteLine(line);
        _written = clock.GetTimestamp();
    }
}
