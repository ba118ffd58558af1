using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Claims;
using Replication.DynaBERT.Cost;
using Replication.Measurements;
using Replication.Studies;

namespace Replication.DynaBERT.Report;

/// <summary>Exported folders: parameters and latency of both forms, and so what the form for transformers 5 costs.</summary>
internal static class ExportTable
{
    /// <summary>Makes the table; null where it was not measured.</summary>
    public static ReportTable? Make(Results results)
    {
        if (results.Set.Exported is not { } spec || results.Find(spec) is not { } run)
            return null;
        var geometry = Sizes.Geometry(results);
        var report = new SpeedReport(run.Result.Samples);
        var signature = Timing.SignatureOf(run, spec.Protocol, $"{spec.BaseModel} geometry, random weights, models of their own");
        Cell Time(string name) => new(NumberText.Of(1000 * report.PassSeconds(name).Median, 1000 * report.PassSeconds(name).Mad), signature, CellKind.Measured);
        Cell Millions(SubNetwork part, CutHeads cut) => new(NumberText.Of(ModelSize.Parameters(part.Config(geometry, cut)) / 1e6), "counted from the geometry", CellKind.Measured);
        var whole = SubNetwork.Of(geometry, width: 1, depth: 1, spec.Rule);
        return new ReportTable(
            "exports",
            "Exported folders",
            $"Model folders of three sizes at {spec.BaseModel}'s geometry, timed side by side: one sequence of {spec.Protocol.Length} tokens, median of the rounds. transformers 4 reads the folder without the cut heads; for transformers 5, which prunes none, they stay as zeros: same outputs, at the price that the last columns show.",
            ["m_w", "m_d", "Parameters (M)", "Latency (ms)", "Parameters (M), transformers 5", "Latency (ms), transformers 5"],
            [
                [new Cell("1"), new Cell("1"), Millions(whole, CutHeads.Removed), Time(ExportSpeedSpec.Whole), new Cell(""), new Cell("")],
                .. spec.Parts(geometry).Select(part => (IReadOnlyList<Cell>)
                [
                    new Cell(NumberText.Of(part.Width)), new Cell(NumberText.Of(part.Depth)),
                    Millions(part, CutHeads.Removed), Time(ExportSpeedSpec.NameOf(part, CutHeads.Removed)),
                    Millions(part, CutHeads.Zero), Time(ExportSpeedSpec.NameOf(part, CutHeads.Zero)),
                ]),
            ]);
    }
}
