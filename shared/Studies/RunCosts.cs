using Replication.Augmentation;
using Replication.Claims;
using Replication.Measurements;
using Replication.Runs;

namespace Replication.Studies;

/// <summary>What runs cost, from their manifests.</summary>
public static class RunCosts
{
    /// <summary>A row a run: minutes, tokens or rows a second, and the process's peak memory up to then.</summary>
    /// <param name="results">The results.</param>
    /// <param name="runs">The runs; one that comes twice has one row.</param>
    public static ReportTable Table(StudyResults results, IEnumerable<RunSpec> runs) => new(
        "cost",
        "Cost of the stages",
        "Time and speed on the machine of the report's header; the rows of an augmentation a second against one masked word a pass in "
            + "fp32, as the authors' program has it. Peak memory is the whole process's up to then.",
        ["Stage", "Minutes", "Speed", "Peak memory (GiB)"],
        [.. runs.DistinctBy(run => run.SpecKey()).Select(run => results.Row(run.Describe(), run, 3, Cells))]);

    private static IReadOnlyList<Cell> Cells(FinishedRun run)
    {
        var signature = SignatureParts.Join(
            run.Manifest.Machine, $"{run.Manifest.Environment.Threads} threads", SignatureParts.Runs([run]));
        Cell Measured(FormattableString text) => new(FormattableString.Invariant(text), signature, CellKind.Measured);
        double? Of(string name) => run.Manifest.Measurements.TryGetValue(name, out var value) ? value : null;
        var (tokens, rows) = (Of(MeasurementNames.TokensPerSecond), Of(AugmentationSpec.RowsPerSecond));
        var (gain, bytes) = (rows / Of(AugmentationSpec.RowsPerSecondByWord), Of(MeasurementNames.PeakMemory));
        return
        [
            Measured($"{run.Manifest.Seconds / 60:0.0}"),
            tokens is not null ? Measured($"{tokens:0} tokens/s")
                : gain is not null ? Measured($"{rows:0} rows/s, {gain:0.0} times one word a pass") : new Cell(""),
            bytes is null ? new Cell("") : Measured($"{bytes / (1L << 30):0.0}"),
        ];
    }
}
