using Replication.Runs;
using Replication.Studies;

namespace Replication.Bench;

/// <summary>What the rows of one call are measured with.</summary>
/// <param name="Workspace">Where it computes.</param>
/// <param name="Papers">The papers.</param>
/// <param name="Program">The words that start this program.</param>
/// <param name="Yardstick">The yardstick.</param>
/// <param name="Calibration">How fast this machine is, for the plans' estimates.</param>
/// <param name="Scale">How many times as long as usual a row may take.</param>
/// <param name="Cancellation">Stops between steps.</param>
internal sealed record BenchSession(
    Workspace Workspace, IReadOnlyList<IPaper> Papers, IReadOnlyList<string> Program, Yardstick Yardstick, Calibration Calibration,
    double Scale, CancellationToken Cancellation)
{
    /// <summary>The words that start a program of earlier code; null for none.</summary>
    public IReadOnlyList<string>? Earlier { get; init; }

    /// <summary>A step's row.</summary>
    /// <param name="row">The row with its target.</param>
    /// <param name="seconds">About how long it may take, at the usual scale.</param>
    /// <param name="open">Makes what is timed.</param>
    public PerformanceRow Time(PerformanceRow row, double seconds, Func<Workspace, StepSubject> open)
    {
        using var subject = open(Workspace);
        return StepTiming.Measure(row, subject, Yardstick, Budget(seconds), Workspace.Clock, Cancellation);
    }

    /// <summary>A time at this call's scale.</summary>
    public TimeSpan Budget(double seconds) => TimeSpan.FromSeconds(Scale * seconds);

    /// <summary>A paper by its verb.</summary>
    public IPaper Paper(string name) => Papers.Single(paper => paper.Name == name);
}
