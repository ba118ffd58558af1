using System.Globalization;
using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Claims;
using Replication.Measurements;
using Replication.Studies;

namespace Replication.DynaBERT;

/// <summary>BERT-base's twelve sub-networks and what the paper's figure says of them: parameters, operations, latency.</summary>
internal static class Sizes
{
    private const string Figure = "Comparison figure", InCsv = "Figure \"comparison of #params/FLOPs/latency\" (digitised)";
    private const string Parameters = "#params", Flops = "FLOPs", Latency = "Kirin 810 ARM CPU latency", Speedup = "CPU speed-up";

    /// <summary>The twelve, the largest first.</summary>
    public static IReadOnlyList<SubNetwork> All { get; } = SubNetwork.Grid(BertConfig.Base, DynaBertProfile.Widths, DynaBertProfile.Depths);

    /// <summary>The four widths at full depth.</summary>
    public static IReadOnlyList<SubNetwork> Widths { get; } = [.. All.Where(part => part.Depth == 1)];

    /// <summary>The one of some multipliers.</summary>
    public static SubNetwork Of((double Width, double Depth) size) => All.Single(part => (part.Width, part.Depth) == size);

    /// <summary>How published.csv names a sub-network.</summary>
    public static string ModelName(SubNetwork part) => $"DynaBERT ({part.Name})";

    /// <summary>The published cells, the figure's as the table wants them: units without remarks, speed-ups from the latencies.</summary>
    public static PublishedCells WithFigure(PublishedCells cells)
    {
        var points = cells.All.Where(cell => cell.Table == InCsv).ToList();
        var whole = points.Single(cell => cell is { Model: "BERT_BASE", Metric: Latency }).RegressionValue;
        PublishedCell Cell(PublishedCell of, string metric, string text, string unit, string source) =>
            new(of.Paper, Figure, of.Split, of.Model, of.Task, metric, text, unit, source, of.Confidence);
        return cells.With(
        [
            .. points.Select(cell => Cell(cell, cell.Metric, cell.Text, cell.Unit.Split(' ')[0], cell.Source)),
            .. from cell in points
               where cell.Metric == Latency
               let ratio = FormattableString.Invariant($"{whole / cell.RegressionValue:0.###}")
               select Cell(cell, Speedup, ratio, "x", $"ratio of the latencies; {cell.Source}"),
        ]);
    }

    /// <summary>
    /// The figure as a table, which needs no training. The tolerance of the operations is the one that was corrected after the count: it
    /// was 0.2, how exactly the figure can be read, although its numbers are rounded as the parameters are.
    /// </summary>
    public static SizeTable Table(SubNetworkSpeedSpec timing) => new(Figure, "Sizes and latency at BERT-base", [.. All.Select(Model)])
    {
        Id = "sizes",
        IdsBeginWithMetric = true,
        Caption = "Published: read off the paper's figure, which leaves some points out; latency on a Kirin 810 in ms. Here: counted from "
            + "the geometry (matrix products of 128 tokens); latency of one sequence of 128 tokens on this machine, median of the rounds.",
        Counts =
        [
            new(
                "Parameters (M)", Parameters, TradeOffs.MillionParameters,
                (model, text) => $"{model} has {text} M parameters.", Tolerances.Rounding)
            {
                IdWord = "parameters", Others = [CountingRule.WithHeads],
            },
            new(
                "FLOPs (G)", Flops, TradeOffs.BillionFlops, (model, text) => $"{model} has {text} G floating-point operations.",
                Tolerances.Rounding) { Others = [CountingRule.Electra] },
        ],
        Times =
        [
            new("Latency (ms)", Latency, (report, _, model) => report.PassSeconds(model).Times(1000)),
            Timed.Speedup(Speedup, Tolerances.Hardware("Kirin 810"), SpeedText) with { IdWord = "speed" },
        ],
        Speed = timing,
    };

    private static string SpeedText(string model, string times) => FormattableString.Invariant(
        $"On a CPU, {model} is {double.Parse(times, CultureInfo.InvariantCulture):0.00} times as fast as BERT-base.");

    private static SizedModel Model(SubNetwork part) => new(ModelName(part), part.Config(BertConfig.Base))
    {
        Sample = part.Name,
        IdWord = FormattableString.Invariant($"w{part.Width:0.0#}-d{part.Depth:0.0#}").Replace(".", "", StringComparison.Ordinal),
    };
}
