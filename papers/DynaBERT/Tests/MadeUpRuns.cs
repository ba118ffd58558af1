using Replication.Bert.SubNetworks;
using Replication.Runs;
using Replication.Studies;
using Replication.Tests.Studies;
using Replication.Training;

namespace Replication.DynaBERT.Tests;

/// <summary>Finished runs with made-up results, for tests of the report: each part of the method is worth a point.</summary>
internal static class MadeUpRuns
{
    public static FinishedRun? Find(RunSpec spec)
    {
        var result = spec switch
        {
            SubNetworkSpeedSpec speed => new RunResult
            {
                Samples = SubNetwork.Grid(Bert.BertConfig.Base, speed.Widths, speed.Depths)
                    .ToDictionary(part => part.Name, part => (IReadOnlyList<double>)[part.Width * part.Depth, part.Width * part.Depth]),
            },
            ExportSpeedSpec exported => new RunResult
            {
                Samples = exported.Parts(Bert.BertConfig.Base)
                    .SelectMany(
                        part => Enum.GetValues<CutHeads>().Select(
                            cut => (
                                Name: ExportSpeedSpec.NameOf(part, cut), Seconds: part.Width * part.Depth
                                    + (cut == CutHeads.Zero ? 0.1 : 0))))
                    .Append((Name: ExportSpeedSpec.Whole, Seconds: 1))
                    .ToDictionary(s => s.Name, s => (IReadOnlyList<double>)[s.Seconds, s.Seconds]),
            },
            StepCostSpec => new RunResult
            {
                Samples = new Dictionary<string, IReadOnlyList<double>> { [StepCostSpec.Plain] = [1, 1],
                [StepCostSpec.Labels] = [5.8, 6.2], [StepCostSpec.Distilled] = [8, 8] },
                Facts = new Dictionary<string, double>
                {
                    [StepCostSpec.OperationsName(StepCostSpec.Labels)] = 6, [StepCostSpec.OperationsName(StepCostSpec.Distilled)] = 7,
                    [StepCostSpec.MemoryName(StepCostSpec.Plain)] = 500e6, [StepCostSpec.MemoryName(StepCostSpec.Distilled)] = 700e6,
                },
            },
            FineTuneSpec =>
                new RunResult { Scores = new Dictionary<string, IReadOnlyDictionary<string, double?>> { ["dev"] = MadeUp.Metrics(0.9),
                    ["dev-mm"] = MadeUp.Metrics(0.9) } },
            Augmentation.AugmentationSpec => new RunResult(),
            DynaBertSpec stage => OfStage(stage),
            _ => throw new ArgumentOutOfRangeException(nameof(spec)),
        };
        return new FinishedRun("nowhere", MadeUp.Manifest(spec), result);
    }

    private static RunResult OfStage(DynaBertSpec stage)
    {
        var final = stage.Start is DynaBertSpec ? 0.01 : 0;
        var gain = final + (stage.Rewiring is null ? 0 : 0.01) + (stage.Loss is null ? 0 : 0.01)
            + (stage.Widths.Count * stage.Depths.Count == 12 && stage.Loss is null ? 0.02 : 0);
        return new RunResult
        {
            Scores = (
                from width in stage.Widths
                from depth in stage.Depths from split in (string[])["dev", "dev-mm"] select (width, depth, split))
                .ToDictionary(
                    p => SubNetwork.ScoreName(p.split, p.width, p.depth), p =>
                        MadeUp.Metrics(0.8 + gain + (0.001 * stage.Seed) + (0.02 * p.width))),
            Facts = new Dictionary<string, double> { [MeasuredRows.Count] = 872, [MeasuredRows.LargerClass] = 0.51 },
            Samples = stage.Rewiring is null
                ? new Dictionary<string, IReadOnlyList<double>>()
                : new Dictionary<string, IReadOnlyList<double>>
                {
                    [DevImportance.HeadsName(1)] = [1, 3, 2], [DevImportance.NeuronsName(1, false)] = [1, 2, 1],
                    [DevImportance.NeuronsName(1, true)] = [2, 1, 1],
                    [DevImportance.HeadsName(2)] = [2, 1, 1], [DevImportance.NeuronsName(2, false)] = [1, 1, 2],
                    [DevImportance.NeuronsName(2, true)] = [2, 1, 1],
                },
        };
    }
}
