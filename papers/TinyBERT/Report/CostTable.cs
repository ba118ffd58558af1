using Replication.Augmentation;
using Replication.Runs;
using Replication.Studies;

namespace Replication.TinyBERT.Report;

/// <summary>What each stage of the pipeline cost, from the manifests of its first seed.</summary>
internal static class CostTable
{
    private const string PeakMemory = "peak memory bytes of the process", TokensPerSecond = "training tokens per second";

    /// <summary>Makes the table.</summary>
    public static ReportTable Make(Results results) => new(
        "cost",
        "Cost of the stages",
        "Time and speed on the machine of the report's header; the rows of an augmentation a second against one masked word a pass in fp32, as the authors' program has it. Peak memory is the whole process's up to then.",
        ["Stage", "Minutes", "Speed", "Peak memory (GiB)"],
        [.. results.Set.Tasks.SelectMany(Stages).DistinctBy(spec => spec.SpecKey()).Select(spec => Row(results, spec))]);

    private static IEnumerable<RunSpec> Stages(TaskRuns task)
    {
        var full = task.Main.Single(v => v.Variant == Variant.Full).Runs[0];
        var intermediate = TaskPlanner.IntermediateOf(full)!;
        return [intermediate.General!, task.Teacher, intermediate.Augmentation!, intermediate, TaskPlanner.Prediction(full)];
    }

    private static IReadOnlyList<Cell> Row(Results results, RunSpec spec)
    {
        if (results.Find(spec) is not { } run)
            return [new Cell(spec.Describe()), .. Enumerable.Repeat(new Cell("not run", "This run is not finished.", CellKind.Missing), 3)];
        Cell Measured(string text) => new(text, SignatureParts.Join(run.Manifest.Machine, $"{run.Manifest.Environment.Threads} threads", SignatureParts.Runs([run])), CellKind.Measured);
        return
        [
            new Cell(spec.Describe()),
            Measured(FormattableString.Invariant($"{run.Manifest.Seconds / 60:0.0}")),
            Measured(Speed(run.Manifest.Measurements)),
            run.Manifest.Measurements.TryGetValue(PeakMemory, out var bytes) ? Measured(FormattableString.Invariant($"{bytes / (1L << 30):0.0}")) : new Cell(""),
        ];
    }

    private static string Speed(IReadOnlyDictionary<string, double> measured) =>
        measured.TryGetValue(TokensPerSecond, out var tokens) ? FormattableString.Invariant($"{tokens:0} tokens/s")
        : measured.TryGetValue(AugmentationSpec.RowsPerSecond, out var rows) && measured.TryGetValue(AugmentationSpec.RowsPerSecondByWord, out var simple)
            ? FormattableString.Invariant($"{rows:0} rows/s, {rows / simple:0.0} times one word a pass")
        : "";
}
