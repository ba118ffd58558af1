using System.Globalization;

namespace Replication.Runs;

/// <summary>Works out how long a run will still take from how long it took since it began or went on.</summary>
/// <param name="clock">The clock.</param>
public sealed class ProgressMeter(TimeProvider clock)
{
    private long _start = clock.GetTimestamp();
    private long _begun;

    /// <summary>The run's label; "" between runs.</summary>
    public string Label { get; private set; } = "";

    /// <summary>All the work.</summary>
    public long Total { get; private set; }

    /// <summary>Work done.</summary>
    public long Done { get; private set; }

    /// <summary>What is counted.</summary>
    public string Unit { get; private set; } = "";

    /// <summary>Time since the run began or went on.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(_start);

    /// <summary>Time left at the pace so far; null before the first work is done.</summary>
    public TimeSpan? Left => Done > _begun ? Elapsed * ((double)(Total - Done) / (Done - _begun)) : null;

    /// <summary>Notes a beginning.</summary>
    public void Begin(string label, long total, long done, string unit)
    {
        (Label, Total, Done, Unit, _begun) = (label, total, done, unit, done);
        _start = clock.GetTimestamp();
    }

    /// <summary>Notes work done.</summary>
    public void Advance(long done) => Done = done;

    /// <summary>Notes an end.</summary>
    public void End() => Label = "";

    /// <summary>A span as hours, minutes and seconds, such as 1:02:03 or 2:03.</summary>
    public static string Text(TimeSpan span)
    {
        var seconds = (long)Math.Round(span.TotalSeconds);
        var (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        return hours > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{hours}:{minutes:00}:{seconds % 60:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{minutes}:{seconds % 60:00}");
    }
}
