using System.Text.Json;

namespace Replication.Runs;

/// <summary>Progress for programs: one JSON object a line, with its kind under "event" (begin, advance, note, end).</summary>
/// <param name="output">Where the lines go.</param>
/// <param name="clock">The clock.</param>
/// <param name="interval">Shortest time between two lines of a run; beginnings, notes and ends are always written.</param>
public sealed class JsonProgress(TextWriter output, TimeProvider clock, TimeSpan interval) : IRunProgress
{
    private readonly ProgressMeter _meter = new(clock);
    private long _written;

    /// <inheritdoc/>
    public void Begin(string label, long total, long done, string unit)
    {
        _meter.Begin(label, total, done, unit);
        _written = clock.GetTimestamp();
        Write(new { Event = "begin", Label = label, Total = total, Done = done, Unit = unit });
    }

    /// <inheritdoc/>
    public void Advance(long done, double? loss = null, double? tokensPerSecond = null)
    {
        _meter.Advance(done);
        if (clock.GetElapsedTime(_written) < interval)
            return;
        _written = clock.GetTimestamp();
        Write(new { Event = "advance", _meter.Label, _meter.Total, Done = done, Loss = loss, TokensPerSecond = tokensPerSecond,
            SecondsLeft = _meter.Left?.TotalSeconds });
    }

    /// <inheritdoc/>
    public void Note(string text) => Write(new { Event = "note", _meter.Label, Text = text });

    /// <inheritdoc/>
    public void End()
    {
        Write(new { Event = "end", _meter.Label, Seconds = _meter.Elapsed.TotalSeconds });
        _meter.End();
    }

    private void Write<T>(T line) => output.WriteLine(JsonSerializer.Serialize(line, Json.Compact));
}
