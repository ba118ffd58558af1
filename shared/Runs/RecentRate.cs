namespace Replication.Runs;

/// <summary>
/// Work a second over the last half minute, or since the beginning where that is shorter; where a single step takes longer, over that step.
/// </summary>
/// <remarks>Times are on any axis that does not go back, such as one that leaves pauses out.</remarks>
public sealed class RecentRate
{
    /// <summary>How far back it looks.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    // Closer samples would only fill the memory.
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(250);

    private readonly Queue<(TimeSpan Time, double Total)> _samples = new();
    private TimeSpan _newest;
    private double _total;

    /// <summary>Begins anew.</summary>
    /// <param name="now">The beginning on the axis.</param>
    public RecentRate(TimeSpan now = default)
    {
        _newest = now;
        _samples.Enqueue((now, 0));
    }

    /// <summary>Counts work that was done by a time.</summary>
    public void Add(TimeSpan now, double amount)
    {
        _total += amount;
        if (now - _newest < Spacing)
            return;
        _newest = now;
        _samples.Enqueue((now, _total));
    }

    /// <summary>The rate at a time; null before any work or time.</summary>
    public double? PerSecond(TimeSpan now)
    {
        while (_samples.Count > 1 && _samples.ElementAt(1).Time <= now - Window)
            _samples.Dequeue();
        var (time, total) = _samples.Peek();
        return now > time && _total > total ? (_total - total) / (now - time).TotalSeconds : null;
    }
}
