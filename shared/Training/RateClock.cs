namespace Replication.Training;

/// <summary>Counts work and the time it took, pauses left out.</summary>
internal sealed class RateClock(TimeProvider clock)
{
    private long _since = clock.GetTimestamp();
    private TimeSpan _elapsed;
    private double _amount;

    /// <summary>Number of calls of <see cref="Add"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Seconds counted.</summary>
    public double Seconds => (_elapsed + clock.GetElapsedTime(_since)).TotalSeconds;

    /// <summary>Work a second; 0 before any.</summary>
    public double PerSecond => _amount == 0 ? 0 : _amount / Math.Max(Seconds, 1e-9);

    /// <summary>Counts work.</summary>
    public void Add(double amount)
    {
        _amount += amount;
        Count++;
    }

    /// <summary>Does something whose time does not count.</summary>
    public void Pause(Action action)
    {
        _elapsed += clock.GetElapsedTime(_since);
        action();
        _since = clock.GetTimestamp();
    }
}
