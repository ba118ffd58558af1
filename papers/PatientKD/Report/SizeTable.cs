using Replication.Bert;
using Replication.Claims;
using Replication.Measurements;
using Replication.PatientKD.Speed;
using Replication.Studies;

namespace Replication.PatientKD.Report;

/// <summary>Table 4: parameters, which are counted from the geometry, and inference time, which is measured side by side.</summary>
internal static class SizeTable
{
    /// <summary>The ledger's metric of what the paper's caption calls the softmax layer.</summary>
    public const string Softmax = "#params";

    private static readonly int[] Depths = [12, 6, 3];

    /// <summary>Makes the table.</summary>
    public static ReportTable Make(Results results, PublishedCells cells)
    {
        var speed = Timing(results);
        return new ReportTable(
            "table-4",
            "Table 4. Parameters and inference time",
            "Parameters in millions; a total has the pooler's 0.6, which the paper calls the softmax layer. Published time: QNLI's training set on a Titan RTX, batch 128, length 128, FP16, in seconds. "
                + "Here: one batch of 128 x 128 tokens, median of the rounds; the speed-up is the median of the ratios within a round.",
            ["Model", "Embedding published", "Embedding here", "Layers published", "Layers here", "Total published", "Total here",
             "Reduction published", "Reduction here", "Time published", "Time here", "Speed-up published", "Speed-up here"],
            [.. Depths.Select(depth => Row(cells, speed, depth))]);
    }

    /// <summary>What is counted for a depth, by the ledger's metric.</summary>
    public static double Counted(int depth, string metric)
    {
        var config = BertConfig.Base with { NumHiddenLayers = depth };
        return metric switch
        {
            "#params embedding" => ModelSize.Embeddings(config) / 1e6,
            "#params transformer layers" => depth * ModelSize.Layer(config) / 1e6,
            "#params total" => ModelSize.Parameters(config) / 1e6,
            Softmax => ModelSize.Pooler(config) / 1e6,
            "size reduction vs BERT12" => (double)ModelSize.Parameters(BertConfig.Base) / ModelSize.Parameters(config),
            _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, null),
        };
    }

    /// <summary>The timing with its signature; null where it is not finished.</summary>
    public static (SpeedReport Report, string Signature)? Timing(Results results)
    {
        if (results.Set.Speed is not { } spec || results.Find(spec) is not { } run)
            return null;
        var environment = run.Manifest.Environment;
        var protocol = spec.Protocol;
        return (new SpeedReport(run.Result.Samples), SignatureParts.Join(
            "BERT-base geometry, random weights", $"batch {protocol.BatchSize} length {protocol.Length}", $"{protocol.Rounds} interleaved rounds after {protocol.WarmupPasses}",
            $"{environment.Device} {(protocol.Precision == Precision.Bf16 ? "bf16" : "fp32")} {environment.Threads} threads", run.Manifest.Machine, SignatureParts.Runs([run])));
    }

    private static IReadOnlyList<Cell> Row(PublishedCells cells, (SpeedReport Report, string Signature)? speed, int depth)
    {
        var model = $"BERT{depth}";
        Cell Published(string metric)
        {
            var cell = cells.Find("Table 4", model, "-", metric);
            return new Cell(cell.Text, cell.Source, CellKind.Published);
        }
        Cell Here(string metric) => new(NumberText.Of(Math.Round(Counted(depth, metric), 3)), "counted from the geometry", CellKind.Measured);
        Cell Timed(Func<SpeedReport, Spread> what) => speed is var (report, signature)
            ? new Cell(NumberText.Of(what(report).Median, what(report).Mad), signature, CellKind.Measured)
            : new Cell("not run", "The timing is not finished.", CellKind.Missing);
        return
        [
            new Cell(model),
            .. ((string[])["#params embedding", "#params transformer layers", "#params total", "size reduction vs BERT12"]).SelectMany(metric => (Cell[])[Published(metric), Here(metric)]),
            Published("inference time"),
            Timed(report => report.PassSeconds(SpeedSpec.NameOf(depth))),
            Published("speedup vs BERT12"),
            Timed(report => report.Speedup(SpeedSpec.NameOf(12), SpeedSpec.NameOf(depth))),
        ];
    }
}
