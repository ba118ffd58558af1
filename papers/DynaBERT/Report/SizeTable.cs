using Replication.Bert.SubNetworks;
using Replication.Claims;
using Replication.Studies;

namespace Replication.DynaBERT.Report;

/// <summary>Parameters, operations and latency of the twelve sub-networks of BERT-base: the points of the paper's comparison figure.</summary>
internal static class SizeTable
{
    /// <summary>Makes the table.</summary>
    public static ReportTable Make(Results results, PublishedCells cells)
    {
        var timing = Timing.Of(results, results.Set.Speed);
        return new ReportTable(
            "sizes",
            "Sizes and latency at BERT-base",
            "Published: read off the paper's figure, which leaves some points out; latency on a Kirin 810 in ms. Here: counted from the geometry (matrix products of 128 tokens); latency of one sequence of 128 tokens on this machine, median of the rounds.",
            ["m_w", "m_d", "Parameters (M) published", "Parameters (M) here", "FLOPs (G) published", "FLOPs (G) here", "Latency (ms) published", "Latency (ms) here", "Speed-up published", "Speed-up here"],
            [.. Sizes.All.Select(part => Row(cells, timing, part))]);
    }

    private static IReadOnlyList<Cell> Row(PublishedCells cells, Timing? timing, SubNetwork part)
    {
        Cell Published(string metric) => Sizes.Published(cells, part, metric) is { } cell ? new Cell(cell.Text, cell.Source, CellKind.Published) : new Cell("");
        Cell Counted(double value) => new(NumberText.Of(value), "counted from the geometry", CellKind.Measured);
        Cell Timed(Func<Timing, (double Value, double Spread)> what) => timing is null
            ? new Cell("not run", "The timing is not finished.", CellKind.Missing)
            : new Cell(NumberText.Of(what(timing).Value, what(timing).Spread), timing.Signature, CellKind.Measured);
        return
        [
            new Cell(NumberText.Of(part.Width)),
            new Cell(NumberText.Of(part.Depth)),
            Published(Sizes.Parameters),
            Counted(Sizes.MillionParameters(part)),
            Published(Sizes.Flops),
            Counted(Sizes.BillionFlops(part)),
            Published(Sizes.Latency),
            Timed(t => (1000 * t.Report.PassSeconds(part.Name).Median, 1000 * t.Report.PassSeconds(part.Name).Mad)),
            Ratio(cells, part),
            Timed(t => (t.Report.Speedup(Sizes.All[0].Name, part.Name).Median, t.Report.Speedup(Sizes.All[0].Name, part.Name).Mad)),
        ];
    }

    private static Cell Ratio(PublishedCells cells, SubNetwork part) =>
        Sizes.Published(cells, part, Sizes.Latency) is { } cell && Sizes.Published(cells, Sizes.All[0], Sizes.Latency) is { } full
            ? new Cell(NumberText.Of(full.RegressionValue / cell.RegressionValue), "ratio of the published latencies", CellKind.Published)
            : new Cell("");
}
