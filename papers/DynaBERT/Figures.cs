using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Claims;
using Replication.Glue;
using Replication.Studies;

namespace Replication.DynaBERT;

/// <summary>
/// The paper's comparison figure for each task (score against parameters, operations and latency), the published points, and what the
/// rewiring does.
/// </summary>
internal static class Figures
{
    /// <summary>The figures of a study; those of a task need its runs.</summary>
    /// <param name="results">Its runs.</param>
    /// <param name="pipeline">Names the timing and stage 1.</param>
    /// <param name="teacher">The teacher.</param>
    /// <param name="twelve">The sub-networks.</param>
    /// <param name="alone">Networks of a sub-network's size that were trained alone.</param>
    public static IReadOnlyList<Figure> Of(
        StudyResults results, Pipeline pipeline, Variant teacher, IReadOnlyList<(SubNetwork Part, Variant Variant)> twelve,
        IReadOnlyList<(SubNetwork Part, Variant Variant)> alone)
    {
        var geometry = PretrainedModels.Geometry(results.Study.TeacherModel);
        TradeOffPoint Point(SubNetwork size, Variant variant, bool isLabelled = false)
        {
            var part = SubNetwork.Of(geometry, size.Width, size.Depth, pipeline.Profile.Switches.Rule);
            return new TradeOffPoint(variant, part.Config(geometry), part.Name, isLabelled ? NumberText.Of(part.Width) : null);
        }
        var tradeOffs = new TradeOffs(
            results,
            [
                .. twelve.GroupBy(size => size.Part.Depth).Select(depth => new TradeOffSeries(
                    FormattableString.Invariant($"DynaBERT m_d={depth.Key:0.0#}"),
                    [.. depth.Select(size => Point(size.Part, size.Variant, isLabelled: depth.Key == 1))], Joined: true)),
                new TradeOffSeries("trained alone", [.. alone.Select(size => Point(size.Part, size.Variant))]),
            ],
            Point(Sizes.All[0], teacher),
            pipeline.TeacherSpeed.Of(results),
            "A line is one depth of DynaBERT, its points the widths, from left to right 0.25, 0.5, 0.75 and 1.");
        return
        [
            .. results.Study.Tasks.SelectMany(tradeOffs.Of),
            Published(results.Study),
            .. results.Study.Tasks.SelectMany(task => Rewiring(results, task, pipeline.Width(task, 1))),
        ];
    }

    private static ScatterFigure Published(Study study)
    {
        (double, double, string?) Point(SubNetwork part, string task) => (
            TradeOffs.MillionParameters(part.Config(BertConfig.Base)),
            study.Published.Find("Table 1", Sizes.ModelName(part), task, "acc").RegressionValue, null);
        ScatterSeries Of(string task) => new(task, [.. Sizes.All.Select(part => Point(part, task))]);
        return new ScatterFigure(
            "published-parameters",
            "Published: score against parameters",
            "The twelve sub-networks of BERT-base in the paper's Table 1, SST-2 and MNLI-m, against their parameters as counted here.",
            "Parameters (M)",
            "Accuracy (%)",
            [Of("SST-2"), Of("MNLI-m")]);
    }

    // Where in a layer importance lies before and after the rewiring, and how much of it a narrow sub-network keeps; of replicate 1.
    private static IEnumerable<Figure> Rewiring(StudyResults results, GlueTask task, DynaBertSpec stage)
    {
        if (results.Find(stage)?.Result.Samples is not { Count: > 0 } samples)
            yield break;
        // Layer by layer in %, as far as there are samples, and the mean over them.
        IReadOnlyList<IReadOnlyList<double>> Layers(Func<int, string> name) =>
            [.. Enumerable.Range(1, int.MaxValue - 1).Select(name).TakeWhile(samples.ContainsKey).Select(layer => Shares(samples[layer]))];
        var layers = Layers(DevImportance.HeadsName);
        var (before, after) = (Mean(layers), Mean([.. layers.Select(layer => layer.OrderDescending().ToList())]));
        yield return new BarFigure(
            $"rewiring-{task.Name.ToLowerInvariant()}",
            $"{task}: importance of the heads before and after rewiring",
            $"Share of a layer's head importance by position in the layer, mean over {layers.Count} layers, measured on {task}'s dev set "
                + "before stage 1. A narrow sub-network keeps the left-most positions.",
            "Position of the head",
            "Share of the layer's importance (%)",
            [Bars("before", before), Bars("after", after)]);
        yield return new LineFigure(
            $"kept-{task.Name.ToLowerInvariant()}",
            $"{task}: importance that a sub-network keeps",
            $"Share of a layer's importance in its left-most heads and neurons, mean over {layers.Count} layers, measured on {task}'s dev "
                + "set before stage 1, against the share of them that stays.",
            "Heads or neurons that stay (%)",
            "Importance that stays (%)",
            [
                Kept("heads, before rewiring", before, isDashed: true),
                Kept("heads, after", after, isDashed: false),
                Kept("neurons, before rewiring", Mean(Layers(layer => DevImportance.NeuronsName(layer, rewired: false))), isDashed: true),
                Kept("neurons, after", Mean(Layers(layer => DevImportance.NeuronsName(layer, rewired: true))), isDashed: false),
            ]);
    }

    private static BarGroup Bars(string name, IReadOnlyList<double> shares) =>
        new(name, [.. shares.Select((share, head) => (FormattableString.Invariant($"{head + 1}"), share, (double?)null))]);

    private static LineSeries Kept(string name, IReadOnlyList<double> shares, bool isDashed)
    {
        var sums = shares.Aggregate(new List<double> { 0 }, (sums, share) => [.. sums, sums[^1] + share]);
        return new LineSeries(name, [.. sums.Select((_, i) => 100.0 * i / shares.Count)], sums, Dashed: isDashed);
    }

    private static IReadOnlyList<double> Mean(IReadOnlyList<IReadOnlyList<double>> layers) =>
        [.. Enumerable.Range(0, layers[0].Count).Select(place => layers.Average(layer => layer[place]))];

    private static IReadOnlyList<double> Shares(IReadOnlyList<double> values) => [.. values.Select(value => 100 * value / values.Sum())];
}
