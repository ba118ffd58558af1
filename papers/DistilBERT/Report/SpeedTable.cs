using Replication.Bert;
using Replication.Claims;
using Replication.Measurements;
using Replication.Studies;

namespace Replication.DistilBERT.Report;

/// <summary>Table 3: parameters, which are counted from the geometry, and the time of STS-B's dev set, measured side by side.</summary>
internal static class SpeedTable
{
    /// <summary>The ledger's name of the time.</summary>
    public const string Time = "full-pass inference time, CPU, batch 1";

    /// <summary>Makes the table.</summary>
    public static ReportTable Make(Results results, PublishedCells cells) => new(
        "table-3",
        "Table 3. Parameters and inference time",
        "Parameters in millions. Time: STS-B's whole dev set through the model on a CPU, one pair at a time, each at its own length; published on a Xeon E5-2690 v3. "
            + "Here: BERT-base's and DistilBERT's geometry with random weights side by side, pair by pair; median over the passes.",
        ["Model", "Parameters published (M)", "Parameters here (M)", "Seconds published", "Seconds here", "Speed-up published", "Speed-up here"],
        [.. ((string[])["ELMo", SpeedSpec.BertBase, SpeedSpec.DistilBert]).Select(model => Row(results, cells, model))]);

    /// <summary>Millions of parameters of a model, without a head.</summary>
    public static double Millions(string model) => (model == SpeedSpec.BertBase
        ? ModelSize.Parameters(BertConfig.Base)
        : ModelSize.Parameters(BertConfig.Base.ToDistil(6), pooler: false)) / 1e6;

    /// <summary>The timing with its signature; null where it is not finished.</summary>
    public static (SpeedReport Report, string Signature)? Timing(Results results)
    {
        if (results.Find(results.Set.Speed) is not { } run)
            return null;
        var environment = run.Manifest.Environment;
        return (new SpeedReport(run.Result.Samples), SignatureParts.Join(
            "BERT-base and DistilBERT geometry, random weights",
            FormattableString.Invariant($"STS-B dev, {run.Result.Fact("pairs")} pairs of {run.Result.Fact("tokens a pair"):0.0} tokens, batch 1"),
            $"{results.Set.Speed.Passes} {(results.Set.Speed.Passes == 1 ? "pass" : "passes")}, alternating pair by pair",
            $"{Signatures.Device(run, results.Set.Speed.Precision)} {environment.Threads} threads", run.Manifest.Machine, SignatureParts.Runs([run])));
    }

    /// <summary>BERT-base's published seconds over a model's.</summary>
    public static double PublishedSpeedup(PublishedCells cells, string model) =>
        cells.Find("Table 3", SpeedSpec.BertBase, "STS-B", Time).RegressionValue / cells.Find("Table 3", model, "STS-B", Time).RegressionValue;

    private static IReadOnlyList<Cell> Row(Results results, PublishedCells cells, string model)
    {
        var (parameters, seconds) = (cells.Find("Table 3", model, "-", "#params"), cells.Find("Table 3", model, "STS-B", Time));
        var isHere = model != "ELMo";
        Cell Timed(Func<SpeedReport, Spread> what) => !isHere ? new Cell("") : Timing(results) is var (report, signature)
            ? new Cell(NumberText.Of(what(report).Median, report.Seconds[model].Count > 1 ? what(report).Mad : null), signature, CellKind.Measured)
            : new Cell("not run", "The timing is not finished.", CellKind.Missing);
        return
        [
            new Cell(model),
            new Cell(parameters.Text, parameters.Source, CellKind.Published),
            isHere ? new Cell(NumberText.Of(Math.Round(Millions(model), 2)), "counted from the geometry, without a head", CellKind.Measured) : new Cell(""),
            new Cell(seconds.Text, seconds.Source, CellKind.Published),
            Timed(report => report.PassSeconds(model)),
            new Cell(NumberText.Of(Math.Round(PublishedSpeedup(cells, model), 2)), "BERT-base's published seconds over the model's", CellKind.Published),
            Timed(report => report.Speedup(SpeedSpec.BertBase, model)),
        ];
    }
}
