using Replication.Reporting;

namespace Replication.DynaBERT.Report;

/// <summary>Importance of the heads by position, before and after the rewiring.</summary>
internal static class RewiringFigure
{
    /// <summary>Makes one figure a task whose first stage is finished, of seed 1.</summary>
    public static IReadOnlyList<Figure> Make(Results results) => [.. results.Set.Tasks.Select(task => Of(results, task)).OfType<Figure>()];

    private static BarFigure? Of(Results results, TaskRuns task)
    {
        var samples = results.Find(task.Seeds[0].Width)?.Result.Samples;
        var layers = samples?.Where(s => s.Key.StartsWith("head", StringComparison.Ordinal)).Select(s => Shares(s.Value)).ToList();
        if (layers is null or [])
            return null;
        var rewired = layers.Select(layer => (IReadOnlyList<double>)[.. layer.OrderDescending()]).ToList();
        return new BarFigure(
            $"rewiring-{task.Task.ToLowerInvariant()}",
            $"{task.Task}: importance of the heads before and after rewiring",
            $"Share of a layer's head importance by position in the layer, mean over {layers.Count} layers, measured on {task.Task}'s dev set before stage 1. A narrow sub-network keeps the left-most positions.",
            "Position of the head",
            "Share of the layer's importance (%)",
            [Group("before", layers), Group("after", rewired)]);
    }

    private static BarGroup Group(string name, IReadOnlyList<IReadOnlyList<double>> layers) =>
        new(name, [.. Enumerable.Range(0, layers[0].Count).Select(head => (FormattableString.Invariant($"{head + 1}"), layers.Average(layer => layer[head]), (double?)null))]);

    private static IReadOnlyList<double> Shares(IReadOnlyList<double> values) => [.. values.Select(value => 100 * value / values.Sum())];
}
