using System.Diagnostics;

namespace Replication.Bench;

/// <summary>Times the built program from its start.</summary>
/// <param name="program">The words that start it.</param>
/// <param name="clock">Gives the timestamps.</param>
internal sealed class ProgramStart(IReadOnlyList<string> program, TimeProvider clock)
{
    private const int Starts = 9;

    /// <summary>Fills a row: until it ends, or until a line of its output is reached, after which it is ended.</summary>
    /// <param name="row">The row with its target.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="isReached">Whether a line of standard output is the one that is waited for; null to wait for its end.</param>
    /// <param name="budget">About how long all starts may take.</param>
    /// <param name="cancellation">Stops between starts.</param>
    /// <exception cref="ReplicationException">It failed, or ended without that line.</exception>
    public PerformanceRow Measure(
        PerformanceRow row, IReadOnlyList<string> arguments, Func<string, bool>? isReached, TimeSpan budget, CancellationToken cancellation)
    {
        var begin = clock.GetTimestamp();
        // The first start reads the files from the disk, which the others need not.
        _ = Seconds(arguments, isReached);
        var seconds = new List<double>();
        while (seconds.Count < Starts && (seconds.Count < 3 || clock.GetElapsedTime(begin) < budget))
        {
            cancellation.ThrowIfCancellationRequested();
            seconds.Add(Seconds(arguments, isReached));
        }
        return row with { Value = MedianInterval.Of(seconds) };
    }

    /// <summary>Seconds of one call, until it ends or until a line of its output is reached.</summary>
    /// <inheritdoc cref="Measure" path="/param"/>
    /// <inheritdoc cref="Measure" path="/exception"/>
    public double Seconds(IReadOnlyList<string> arguments, Func<string, bool>? isReached = null)
    {
        var info = new ProcessStartInfo(program[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in program.Skip(1).Concat(arguments))
            info.ArgumentList.Add(argument);
        var begin = clock.GetTimestamp();
        using var process = Process.Start(info)!;
        var error = process.StandardError.ReadToEndAsync();
        var taken = (double?)null;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (isReached?.Invoke(line) != true)
                continue;
            taken = clock.GetElapsedTime(begin).TotalSeconds;
            process.Kill(entireProcessTree: true);
            break;
        }
        process.WaitForExit();
        if (isReached is null && process.ExitCode == 0)
            return clock.GetElapsedTime(begin).TotalSeconds;
        return taken ?? throw new ReplicationException(
            $"{string.Join(' ', program.Concat(arguments))} ended before it was timed: {error.GetAwaiter().GetResult().Trim()}");
    }
}
