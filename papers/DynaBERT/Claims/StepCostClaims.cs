using Replication.Claims;
using Replication.DynaBERT.Cost;
using Replication.DynaBERT.Report;

namespace Replication.DynaBERT.Claims;

/// <summary>That training twelve sub-networks at once costs what their operations do; what stands for the published number is worked out.</summary>
internal static class StepCostClaims
{
    private const string Needs = "Needs the measurement of the training step, a minute, which every profile has.";

    /// <summary>Judges them.</summary>
    public static IReadOnlyList<ClaimOutcome> Judge(Results results)
    {
        var cost = StepCost.Of(results);
        return
        [
            Time(cost, "labels", StepCostSpec.Labels, "A step over the twelve sub-networks is as fast as their operations are at the rate of a plain step of the whole network."),
            Time(cost, "distilled", StepCostSpec.Distilled, "A step that distils over the twelve sub-networks is as fast as their operations and the teacher's, once a width, are at that rate."),
            Memory(cost),
        ];
    }

    private static ClaimOutcome Time(StepCost? cost, string id, string step, string statement)
    {
        var claim = Claim($"time.{id}", statement, 1, Tolerances.StepTime);
        if (cost is null)
            return VerdictRule.NotRun(claim, Needs);
        var speed = cost.Speed(step);
        return VerdictRule.Against(claim, new Measurement(speed.Median, speed.Mad, [], cost.Signature));
    }

    // Weights, gradients and two moments, and with the teacher's weights five in the place of four.
    private static ClaimOutcome Memory(StepCost? cost)
    {
        var claim = Claim(
            "memory", "Plain fine-tuning takes 4/5 of the memory of distilling over the twelve sub-networks: weights, gradients and two moments, to which the teacher's weights are added.",
            0.8, Tolerances.StepMemory);
        return cost?.Bytes(StepCostSpec.Plain) is not { } plain || cost.Bytes(StepCostSpec.Distilled) is not { } distilled
            ? VerdictRule.NotRun(claim, cost is null ? Needs : "Needs a system that tells a process's peak memory: Linux, on a CPU.")
            : VerdictRule.Against(claim, new Measurement(plain / distilled, null, [], cost.Signature));
    }

    // Nothing was published, so no source stands behind the expected number; Sourced1 is the least that is judged.
    private static Claim Claim(string id, string statement, double expected, Tolerance tolerance) => new()
    {
        Id = $"dynabert.step.{id}",
        Paper = "DynaBERT",
        Table = "not in the paper (expected)",
        Kind = ClaimKind.Speed,
        Statement = statement,
        Published = expected,
        Confidence = Confidence.Sourced1,
        Unit = "x",
        Tolerance = tolerance,
    };
}
