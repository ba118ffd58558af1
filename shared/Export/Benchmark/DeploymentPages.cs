using System.Globalization;
using System.Text;
using Replication.Claims;
using Replication.Measurements;
using Replication.Reporting;
using Replication.Studies;

namespace Replication.Export.Benchmark;

/// <summary>Writes what was measured: report.json for programs, table.csv, report.md with the targets, and two figures.</summary>
internal static class DeploymentPages
{
    /// <summary>Name of the file from which the others are made.</summary>
    public const string NumbersName = "report.json";

    private const string Nothing = "–";

    private const string OwnScores = "these models were trained as the list under the table tells, and their scores are no paper's";

    /// <summary>Writes a folder's files.</summary>
    public static void Write(DeploymentReport report, string folder)
    {
        AtomicFile.WriteText(Path.Combine(folder, NumbersName), Json.Text(report));
        AtomicFile.WriteText(Path.Combine(folder, "table.csv"), CsvText.Of(Columns, report.Costs.Select(Row)));
        AtomicFile.WriteText(Path.Combine(folder, "report.md"), Markdown(report));
        foreach (var figure in Figures(report))
            AtomicFile.WriteText(Path.Combine(folder, figure.Id + ".svg"), FigureImages.Svg(figure));
    }

    private static IReadOnlyList<string> Columns { get; } =
    [
        "model", "form", "parameters (M)",
        .. DeploymentBenchmark.Lengths.SelectMany(l => new[] { $"ms at {l} tokens", "± (median deviation)" }),
        $"texts/s at batch {DeploymentBenchmark.BatchSize}", "± (median deviation)", "memory (MB)", "model on disk (MB)",
        "cold start (s)", "± (median deviation)", "dev score", "difference to TorchSharp",
    ];

    private static IReadOnlyList<string> Row(DeploymentCost cost) =>
    [
        cost.Subject, Name(cost.Form), Number(cost.Parameters / 1e6, "0.00"),
        .. DeploymentBenchmark.Lengths.SelectMany(length => Pair(cost.Seconds[length], 1e3, "0.00")),
        .. Pair(cost.TextsPerSecond, 1, "0.0"), cost.PeakBytes is { } bytes ? Number(bytes / 1e6, "0") : Nothing,
        Number(cost.FolderBytes / 1e6, "0.0"),
        .. cost.ColdStart is { } start ? Pair(start, 1, "0.000") : [Nothing, Nothing],
        cost.Score is { } score ? Number(100 * score, "0.00") : Nothing,
        cost.Difference is { } difference ? Number(difference, "0.0e0") : Nothing,
    ];

    private static string Markdown(DeploymentReport report)
    {
        var text = new StringBuilder("# Models that ship\n\n");
        var machine = report.Machine;
        text.Append(CultureInfo.InvariantCulture,
            $"One run on one machine, {report.Measured:yyyy-MM-dd}: {machine.Processor}, {report.Threads} threads, "
            + $"{string.Join(", ", machine.InstructionSets)}");
        text.Append(CultureInfo.InvariantCulture,
            $"{(report.HasVnni ? ", VNNI" : ", no VNNI, without which int8 gains little or loses")}, {machine.OperatingSystem}, "
            + $"{machine.DotNet}, ");
        text.Append(CultureInfo.InvariantCulture, $"libtorch {machine.Libtorch}, ONNX Runtime {report.OnnxRuntime}.\n\n");
        text.Append(CultureInfo.InvariantCulture,
            $"Medians of at most {report.Rounds} rounds with their median deviation, tokenizing included, in fp32 unless it says int8; "
            + $"a round is one call ");
        text.Append(CultureInfo.InvariantCulture,
            $"of each form, and their number is in report.json. Batches are of {DeploymentBenchmark.BatchSize} texts of "
            + $"{DeploymentBenchmark.BatchLength} tokens. ");
        text.Append(CultureInfo.InvariantCulture,
            $"Weights are random except where there is a dev score{(report.Score is null ? "" : $" ({report.Score}); {OwnScores}")}. ");
        text.Append(CultureInfo.InvariantCulture,
            $"Memory and cold start are those of a program of its own: TorchSharp in this program{Megabytes(report.TorchProgramBytes)}, ");
        text.Append(CultureInfo.InvariantCulture, $"ONNX Runtime in the sample console "
            + $"program{Megabytes(report.ProgramBytes)}{(report.IsAheadOfTime ? ", compiled ahead of time" : "")}.\n\n");
        TableText.AppendRow(text, Shown.Select(column => Columns[column]));
        TableText.AppendRow(text, Shown.Select(column => column < 2 ? "---" : "---:"));
        foreach (var row in report.Costs.Select(Row))
            TableText.AppendRow(text, Shown.Select(column => TableText.Escape(Cell(row, column))));
        var origins = report.Costs.Where(cost => cost.Origin is not null)
            .Select(cost => $"- {cost.Subject}: {cost.Origin}\n").Distinct(StringComparer.Ordinal);
        text.Append('\n').AppendJoin("", origins);
        text.Append("\n| asked for | measured | |\n| --- | --- | --- |\n");
        foreach (var (target, measured, isMet) in DeploymentTargets.Of(report))
            text.Append(CultureInfo.InvariantCulture,
                $"| {target} | {measured} | {isMet switch { true => "met", false => "not met", null => "not judged" }} |\n");
        foreach (var figure in Figures(report))
            text.Append(CultureInfo.InvariantCulture, $"\n![{figure.Title}. {figure.Caption}]({figure.Id}.svg)\n");
        return text.ToString();
    }

    // A deviation is in the cell of what it belongs to.
    private static string Cell(IReadOnlyList<string> row, int column) =>
        column + 1 < row.Count && Columns[column + 1].StartsWith('±') && row[column + 1] != Nothing
            ? $"{row[column]} ± {row[column + 1]}"
            : row[column];

    private static IEnumerable<int> Shown => Enumerable.Range(0, Columns.Count).Where(column => !Columns[column].StartsWith('±'));

    private static IEnumerable<ScatterFigure> Figures(DeploymentReport report)
    {
        var scored = report.Costs.Where(cost => cost.Score is not null).ToList();
        if (scored.Count == 0)
            yield break;
        yield return Figure(
            "score-latency", "Score against latency", "milliseconds for one text of 64 tokens", scored,
            cost => 1e3 * cost.Seconds[64].Median);
        // A folder for TorchSharp is as large as one for ONNX in fp32, and scores the same: its marks would lie under those.
        yield return Figure(
            "score-size", "Score against size", "megabytes on disk", scored.Where(cost => cost.Form != DeploymentForm.TorchSharp),
            cost => cost.FolderBytes / 1e6);

        ScatterFigure Figure(
            string id, string title, string abscissa, IEnumerable<DeploymentCost> shown, Func<DeploymentCost, double> x) => new(
            id, title, $"{report.Score}; one machine, one run: {report.Machine.Processor}, {report.Threads} threads.", abscissa,
            "dev score",
            [.. shown.GroupBy(cost => cost.Form).Select(form => new ScatterSeries(
                Name(form.Key), [.. form.Select(cost => (x(cost), 100 * cost.Score!.Value, (string?)cost.Subject))]))],
            LogX: true);
    }

    private static string Name(DeploymentForm form) => form switch
    {
        DeploymentForm.TorchSharp => "TorchSharp fp32", DeploymentForm.Fp32 => "ONNX fp32", _ => "ONNX int8",
    };

    private static string Megabytes(long? bytes) =>
        bytes is { } known ? string.Create(CultureInfo.InvariantCulture, $" ({known / 1e6:0.0} MB without the model)") : "";

    private static string[] Pair(Spread spread, double factor, string format) =>
        [Number(factor * spread.Median, format), Number(factor * spread.Mad, format)];

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
