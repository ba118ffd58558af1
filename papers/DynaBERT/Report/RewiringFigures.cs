using Replication.Studies;

namespace Replication.DynaBERT.Report;

/// <summary>What the rewiring does: where in a layer importance lies before and after it, and how much of it a narrow sub-network keeps.</summary>
internal static class RewiringFigures
{
    /// <summary>Makes two figures a task whose first stage is finished, of seed 1.</summary>
    public static IReadOnlyList<Figure> Make(Results results) => [.. results.Set.Tasks.SelectMany(task => Of(results, task))];

    private static IEnumerable<Figure> Of(Results results, TaskRuns task)
    {
        if (results.Find(task.Seeds[0].Width)?.Result.Samples is not { Count: > 0 } samples)
            yield break;
        var before = Layers(samples, DevImportance.HeadsName);
        var after = before.Select(layer => (IReadOnlyList<double>)[.. layer.OrderDescending()]).ToList();
        yield return new BarFigure(
            $"rewiring-{task.Task.ToLowerInvariant()}",
            $"{task.Task}: importance of the heads before and after rewiring",
            $"Share of a layer's head importance by position in the layer, mean over {before.Count} layers, measured on {task.Task}'s dev set before stage 1. A narrow sub-network keeps the left-most positions.",
            "Position of the head",
            "Share of the layer's importance (%)",
            [Bars("before", before), Bars("after", after)]);
        yield return new LineFigure(
            $"kept-{task.Task.ToLowerInvariant()}",
            $"{task.Task}: importance that a sub-network keeps",
            $"Share of a layer's importance in its left-most heads and neurons, mean over {before.Count} layers, measured on {task.Task}'s dev set before stage 1, against the share of them that stays.",
            "Heads or neurons that stay (%)",
            "Importance that stays (%)",
            [
                Kept("heads, before rewiring", before, dashed: true),
                Kept("heads, after", after, dashed: false),
                Kept("neurons, before rewiring", Layers(samples, layer => DevImportance.NeuronsName(layer, rewired: false)), dashed: true),
                Kept("neurons, after", Layers(samples, layer => DevImportance.NeuronsName(layer, rewired: true)), dashed: false),
            ]);
    }

    // Layer by layer in %, as far as there are samples.
    private static IReadOnlyList<IReadOnlyList<double>> Layers(IReadOnlyDictionary<string, IReadOnlyList<double>> samples, Func<int, string> name) =>
        [.. Enumerable.Range(1, int.MaxValue - 1).Select(name).TakeWhile(samples.ContainsKey).Select(layer => Shares(samples[layer]))];

    private static BarGroup Bars(string name, IReadOnlyList<IReadOnlyList<double>> layers) =>
        new(name, [.. Mean(layers).Select((share, head) => (FormattableString.Invariant($"{head + 1}"), share, (double?)null))]);

    private static LineSeries Kept(string name, IReadOnlyList<IReadOnlyList<double>> layers, bool dashed)
    {
        var shares = Mean(layers);
        var sums = shares.Aggregate(new List<double> { 0 }, (sums, share) => [.. sums, sums[^1] + share]);
        return new LineSeries(name, [.. sums.Select((_, i) => 100.0 * i / shares.Count)], sums, Dashed: dashed);
    }

    private static IReadOnlyList<double> Mean(IReadOnlyList<IReadOnlyList<double>> layers) =>
        [.. Enumerable.Range(0, layers[0].Count).Select(place => layers.Average(layer => layer[place]))];

    private static IReadOnlyList<double> Shares(IReadOnlyList<double> values) => [.. values.Select(value => 100 * value / values.Sum())];
}
