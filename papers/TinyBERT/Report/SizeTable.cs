using Replication.Bert;
using Replication.Claims;
using Replication.Measurements;
using Replication.Runs;
using Replication.Studies;
using Replication.TinyBERT.Speed;

namespace Replication.TinyBERT.Report;

/// <summary>Table 1: size and speed, which need no training, and what the students of this profile score.</summary>
internal static class SizeTable
{
    /// <summary>The column of the published speed-up.</summary>
    public const string Speedup = "speedup on K80";

    private const string Teacher = "teacher", Six = "TinyBERT6";

    /// <summary>Makes the table of sizes and speed.</summary>
    public static ReportTable Sizes(Results results, PublishedCells cells)
    {
        var timing = Timing(results);
        return new ReportTable(
            "table-1-size",
            "Table 1. Size and speed",
            "Parameters in millions, without classifier and W_h; FLOPs of the matrix products at 128 tokens in billions. Published speed-up: one K80. "
                + "Here: median of the ratios within a round, random weights.",
            ["Model", "Parameters published", "Parameters here", "FLOPs published", "FLOPs here", "Speed-up published", "Speed-up here"],
            [.. SpeedSpec.Subjects.Select(subject => Row(subject, timing, cells))]);
    }

    /// <summary>Makes the table of scores.</summary>
    public static ReportTable Scores(Results results)
    {
        var columns = Columns.Measured(results);
        IReadOnlyList<Cell> Row(string name, Func<TaskRuns, IReadOnlyList<RunSpec>> runs) =>
            [new Cell(name), .. columns.Select(c => Measured(results, c.Column, name, runs(c.Task)))];
        return new ReportTable(
            "table-1-scores",
            "Table 1. Scores",
            $"Main metric on dev in %, mean ± standard deviation over seeds. {(results.IsPapersOwn ? "" : $"Teacher {results.Set.Settings.Teacher}, student {results.Set.Settings.Student}: the published scores, of GLUE's test server, are not comparable.")}",
            ["Model", .. columns.Select(c => c.Column.Published)],
            [
                Row(Teacher, task => [task.Teacher]),
                .. ((Variant[])[Variant.Full, Variant.LabelsFromGeneral, Variant.LabelsFromRandom]).Select(v => Row(v.Text(), task => task.Main.Single(m => m.Variant == v).Runs)),
                .. results.Set.Settings.Six is null ? (IReadOnlyList<Cell>[])[] : [Row(Six, task => task.Six?.Runs ?? [])],
            ]);
    }

    /// <summary>A measured cell, or one that says that the runs are missing.</summary>
    public static Cell Measured(Results results, ScoreColumn column, string name, IReadOnlyList<RunSpec> runs)
    {
        var measured = results.Measure(column, name is Teacher or Six ? name : $"student {results.Set.Settings.Student} {name}", results.Scores(column, runs));
        return measured is null
            ? new Cell("not run", "These runs are not finished.", CellKind.Missing)
            : new Cell(NumberText.Of(measured.Value, measured.Spread), measured.Signature, CellKind.Measured);
    }

    /// <summary>What is counted, by the ledger's metric.</summary>
    public static double Counted(BertConfig config, string metric) => metric switch
    {
        "#params" => ModelSize.Parameters(config) / 1e6,
        "#FLOPs" => ModelSize.Flops(config, 128) / 1e9,
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, null),
    };

    /// <summary>The timing with its signature; null where it is not finished.</summary>
    public static (SpeedReport Report, string Signature)? Timing(Results results)
    {
        if (results.Find(results.Set.Speed) is not { } run)
            return null;
        var protocol = results.Set.Speed.Protocol;
        return (new SpeedReport(run.Result.Samples), FormattableString.Invariant(
            $"paper's geometry, random weights | batch {protocol.BatchSize} length {protocol.Length} | {protocol.Rounds} interleaved rounds | {run.Manifest.Environment.Device} {protocol.Precision} {run.Manifest.Environment.Threads} threads | {run.Manifest.Machine} | {SignatureParts.Runs([run])}"));
    }

    private static IReadOnlyList<Cell> Row((string Name, BertConfig Config) subject, (SpeedReport Report, string Signature)? timing, PublishedCells cells)
    {
        Cell Published(string metric)
        {
            var cell = cells.Find("Table 1", subject.Name, "-", metric);
            return new Cell(cell.Text, cell.Source, CellKind.Published);
        }
        Cell Here(string metric) => new(NumberText.Of(Math.Round(Counted(subject.Config, metric), 2)), "counted from the geometry", CellKind.Measured);
        Cell speed;
        if (timing is var (report, signature))
        {
            var ratio = report.Speedup(SpeedSpec.Base, subject.Name);
            speed = new Cell(NumberText.Of(ratio.Median, ratio.Mad), signature, CellKind.Measured);
        }
        else
        {
            speed = new Cell("not run", "The timing is not finished.", CellKind.Missing);
        }
        return [new Cell(subject.Name), Published("#params"), Here("#params"), Published("#FLOPs"), Here("#FLOPs"), Published(Speedup), speed];
    }
}
