using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Glue;
using Replication.Runs;
using Replication.Training;
using TorchSharp;

namespace Replication.DynaBERT;

/// <summary>Scores of a network's sub-networks; between evaluations the network stands at the first of them, as while it is trained.</summary>
/// <param name="network">The network.</param>
/// <param name="parts">Its sub-networks.</param>
/// <param name="data">What is measured.</param>
/// <param name="device">Where it computes.</param>
internal sealed class SubNetworkScores(BertForSequenceClassification network, IReadOnlyList<SubNetwork> parts, TaskData data, torch.Device device)
{
    /// <summary>Hears of each evaluation.</summary>
    public required IRunProgress Progress { get; init; }

    /// <summary>The scores of all, by <see cref="DynaBertSpec.ScoreName"/>.</summary>
    /// <param name="ofFirst">Those of the first sub-network by split, which training has measured.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> All(
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> ofFirst, CancellationToken cancellation)
    {
        var scores = new SortedDictionary<string, IReadOnlyDictionary<string, double?>>(StringComparer.Ordinal);
        foreach (var (split, rows) in data.Evaluations)
        {
            foreach (var (part, metrics) in Of(rows, ofFirst[split], cancellation))
                scores[DynaBertSpec.ScoreName(split, part.Width, part.Depth)] = metrics;
        }
        return scores;
    }

    /// <summary>
    /// The sum over the sub-networks of the main metric on the first split, by which the authors' program chooses the weights that
    /// it keeps. An undefined metric, such as a correlation with a constant, counts as the lowest, -1.
    /// </summary>
    /// <inheritdoc cref="All" path="/param"/>
    public double Sum(IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> ofFirst, CancellationToken cancellation)
    {
        var (split, rows) = data.Evaluations[0];
        var metric = GlueScorer.Name(data.Task.MainMetric);
        return Of(rows, ofFirst[split], cancellation).Sum(score => score.Metrics[metric] ?? -1);
    }

    private IEnumerable<(SubNetwork Part, IReadOnlyDictionary<string, double?> Metrics)> Of(
        EncodedDataset rows, IReadOnlyDictionary<string, double?> ofFirst, CancellationToken cancellation)
    {
        yield return (parts[0], ofFirst);
        foreach (var part in parts.Skip(1))
        {
            network.SubNetwork = part;
            var what = FormattableString.Invariant($"evaluating width {part.Width}, depth {part.Depth}");
            var scores = Evaluator.Evaluate(network, rows, device, cancellation, done => Progress.Aside(what, done, rows.Examples.Count, "rows")).Scores;
            network.SubNetwork = parts[0];
            yield return (part, scores);
        }
    }
}
