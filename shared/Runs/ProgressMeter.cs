using System.Globalization;

namespace Replication.Runs;

/// <summary>
/// Works out how long a run will still take from its pace over the last half minute; evaluations and the like do not count.
/// </summary>
/// <param name="clock">The clock.</param>
public sealed class ProgressMeter(TimeProvider clock)
{
    private long _start = clock.GetTimestamp();
    private (long Since, long Until)? _asideSpan;
    private TimeSpan _aside;
    private RecentRate _pace = new();

    /// <summary>The run's label; "" between runs.</summary>
    public string Label { get; private set; } = "";

    /// <summary>All the work.</summary>
    public long Total { get; private set; }

    /// <summary>Work done.</summary>
    public long Done { get; private set; }

    /// <summary>What is counted.</summary>
    public string Unit { get; private set; } = "";

    /// <summary>What the run does beside its own count, such as "evaluating dev, 320 of 872 rows"; null for nothing.</summary>
    public string? Aside { get; private set; }

    /// <summary>Time since the run began or resumed.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(_start);

    /// <summary>Time left at the present pace; null before the first work is done, and where nobody knows how much it is.</summary>
    public TimeSpan? Left =>
        Total > 0 && _pace.PerSecond(Worked) is { } pace ? TimeSpan.FromSeconds(Math.Max(0, Total - Done) / pace) : null;

    // What comes after the last word of work beside the run's own is the run's own again.
    private TimeSpan Worked => Elapsed - _aside - (_asideSpan is var (since, until) ? clock.GetElapsedTime(since, until) : TimeSpan.Zero);

    /// <summary>Notes a beginning.</summary>
    public void Begin(string label, long total, long done, string unit)
    {
        (Label, Total, Done, Unit) = (label, total, done, unit);
        (Aside, _asideSpan, _aside) = (null, null, TimeSpan.Zero);
        _start = clock.GetTimestamp();
        _pace = new RecentRate();
    }

    /// <summary>Notes work done.</summary>
    public void Advance(long done)
    {
        EndAside();
        _pace.Add(Worked, done - Done);
        Done = done;
    }

    /// <summary>Notes work beside the run's own.</summary>
    public void BeginAside(string what, long done, long total, string unit)
    {
        var now = clock.GetTimestamp();
        _asideSpan = (_asideSpan?.Since ?? now, now);
        Aside = string.Create(CultureInfo.InvariantCulture, $"{what}, {done:n0} of {total:n0} {unit}");
    }

    /// <summary>Notes an end.</summary>
    public void End()
    {
        EndAside();
        Label = "";
    }

    /// <summary>A span as hours, minutes and seconds, such as 1:02:03 or 2:03.</summary>
    public static string Text(TimeSpan span)
    {
        var seconds = (long)Math.Round(span.TotalSeconds);
        var (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        return hours > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{hours}:{minutes:00}:{seconds % 60:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{minutes}:{seconds % 60:00}");
    }

    private void EndAside()
    {
        if (_asideSpan is var (since, until))
            _aside += clock.GetElapsedTime(since, until);
        (Aside, _asideSpan) = (null, null);
    }
}
