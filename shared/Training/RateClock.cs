using Replication.Runs;

namespace Replication.Training;

/// <summary>Counts work and the time it took, pauses left out.</summary>
internal sealed class RateClock(TimeProvider clock)
{
    private readonly RecentRate _recent = new();
    private long _since = clock.GetTimestamp();
    private TimeSpan _elapsed;
    private double _amount;

    /// <summary>Number of calls of <see cref="Add"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Seconds counted.</summary>
    public double Seconds => Counted.TotalSeconds;

    /// <summary>Work a second; 0 before any.</summary>
    public double PerSecond => _amount == 0 ? 0 : _amount / Math.Max(Seconds, 1e-9);

    /// <summary>Work a second over the last half minute, for people; 0 before any.</summary>
    public double Recent => _recent.PerSecond(Counted) ?? 0;

    private TimeSpan Counted => _elapsed + clock.GetElapsedTime(_since);

    /// <summary>Counts work.</summary>
    public void Add(double amount)
    {
        _recent.Add(Counted, amount);
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
