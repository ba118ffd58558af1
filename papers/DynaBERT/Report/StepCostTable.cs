using Replication.Claims;
using Replication.DynaBERT.Cost;
using Replication.Studies;

namespace Replication.DynaBERT.Report;

/// <summary>What a training step over the twelve sub-networks costs beside a plain step.</summary>
internal static class StepCostTable
{
    /// <summary>Makes the table; null where it was not measured.</summary>
    public static ReportTable? Make(Results results) => StepCost.Of(results) is not { } cost ? null : new ReportTable(
        "step-cost",
        "Cost of a training step",
        $"Forward and backward passes at {results.Set.Settings.Teacher}'s geometry, side by side in one process. Operations: matrix products, a backward pass as two forward ones, as a multiple of a plain step. Over: time above what the operations take at the plain step's rate. Memory: most of it that a training holds, optimizer included, beyond what the process held before.",
        ["Step", "Time (s)", "Operations (plain steps)", "Time (plain steps)", "Over (%)", "Memory (MB)"],
        [
            Row(cost, StepCostSpec.Plain, "plain, the whole network"),
            Row(cost, StepCostSpec.Labels, "twelve sub-networks on the labels"),
            Row(cost, StepCostSpec.Distilled, "twelve sub-networks, distilled, with the teacher's passes"),
        ]);

    private static IReadOnlyList<Cell> Row(StepCost cost, string step, string name)
    {
        Cell Measured(double value, double? spread = null) => new(NumberText.Of(value, spread), cost.Signature, CellKind.Measured);
        var (seconds, time) = (cost.Report.PassSeconds(step), cost.Time(step));
        return
        [
            new Cell(name),
            Measured(seconds.Median, seconds.Mad),
            new Cell(NumberText.Of(cost.Operations(step))),
            step == StepCostSpec.Plain ? new Cell("1") : Measured(time.Median, time.Mad),
            step == StepCostSpec.Plain ? new Cell("") : Measured(Math.Round(100 * ((1 / cost.Speed(step).Median) - 1), 1)),
            cost.Bytes(step) is { } bytes ? Measured(Math.Round(bytes / 1e6)) : new Cell(""),
        ];
    }
}
