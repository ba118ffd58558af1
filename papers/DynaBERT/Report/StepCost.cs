using Replication.DynaBERT.Cost;
using Replication.Measurements;

namespace Replication.DynaBERT.Report;

/// <summary>A finished measurement of what a step over the sub-networks costs, with its signature.</summary>
/// <param name="Report">Seconds by step.</param>
/// <param name="Facts">Operations in plain steps, and bytes.</param>
/// <param name="Signature">What was measured, how and where.</param>
internal sealed record StepCost(SpeedReport Report, IReadOnlyDictionary<string, double> Facts, string Signature)
{
    /// <summary>The measurement; null where it is not finished.</summary>
    public static StepCost? Of(Results results) => results.Set.StepCost is not { } spec || results.Find(spec) is not { } run
        ? null
        : new StepCost(new SpeedReport(run.Result.Samples), run.Result.Facts, Timing.SignatureOf(run, spec.Protocol, $"{spec.BaseModel} geometry, random weights, training steps"));

    /// <summary>A step's operations in plain steps.</summary>
    public double Operations(string step) => step == StepCostSpec.Plain ? 1 : Facts[StepCostSpec.OperationsName(step)];

    /// <summary>A step's time in plain steps, round by round.</summary>
    public Spread Time(string step) => Report.Speedup(step, StepCostSpec.Plain);

    /// <summary>How many times as fast a step is as its operations would be at the rate of a plain step.</summary>
    public Spread Speed(string step)
    {
        var ratio = Report.Speedup(StepCostSpec.Plain, step);
        var operations = Operations(step);
        return new Spread(operations * ratio.Median, operations * ratio.Min, operations * ratio.Max, operations * ratio.Mad, ratio.Count);
    }

    /// <summary>Bytes at a step's peak; null where they were not measured.</summary>
    public double? Bytes(string step) => Facts.TryGetValue(StepCostSpec.MemoryName(step), out var bytes) ? bytes : null;
}
