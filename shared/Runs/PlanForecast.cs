namespace Replication.Runs;

/// <summary>How long a plan will still take: what its runs were estimated at, corrected by how long those of this call took.</summary>
/// <param name="seconds">The estimate of each run in the plan's order; 0 for one that is finished.</param>
/// <param name="clock">The clock.</param>
public sealed class PlanForecast(IReadOnlyList<double> seconds, TimeProvider clock)
{
    private readonly HashSet<int> _pending = [.. Enumerable.Range(1, seconds.Count)];
    private int? _current;
    private long _since;
    private double _taken, _expected;

    /// <summary>A run is computed next, counted from 1.</summary>
    public void Next(int number)
    {
        _pending.Remove(number);
        (_current, _since) = (number, clock.GetTimestamp());
    }

    /// <summary>A run is done, or will not be computed.</summary>
    public void Done(int number)
    {
        _pending.Remove(number);
        if (_current != number)
            return;
        _taken += clock.GetElapsedTime(_since).TotalSeconds;
        _expected += seconds[number - 1];
        _current = null;
    }

    /// <summary>Time left for all.</summary>
    /// <param name="ofRun">Time left for the present run, where it is known.</param>
    public TimeSpan Left(TimeSpan? ofRun)
    {
        var (taken, expected, own) = (_taken, _expected, 0.0);
        if (_current is { } number)
        {
            var elapsed = clock.GetElapsedTime(_since).TotalSeconds;
            if (ofRun is { } left)
                (taken, expected) = (taken + elapsed + left.TotalSeconds, expected + seconds[number - 1]);
            own = ofRun?.TotalSeconds ?? Math.Max(0, (seconds[number - 1] * Factor(taken, expected)) - elapsed);
        }
        return TimeSpan.FromSeconds(own + (Factor(taken, expected) * _pending.Sum(run => seconds[run - 1])));
    }

    private static double Factor(double taken, double expected) => expected > 0 ? taken / expected : 1;
}
