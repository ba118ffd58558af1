using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Glue;
using Replication.Training;
using TorchSharp;

namespace Replication.DynaBERT;

/// <summary>Importance on the dev set with its labels, as the paper measures it, and the rewiring that follows.</summary>
internal static class DevImportance
{
    private const int BatchSize = 32;

    /// <summary>Name of the samples that hold a layer's head importance.</summary>
    /// <param name="layer">The layer, counted from 1.</param>
    public static string HeadsName(int layer) => FormattableString.Invariant($"head importance, layer {layer:00}");

    /// <summary>Measures, notes the heads' importance (in the order before the rewiring), and rewires.</summary>
    public static void Rewire(
        BertForSequenceClassification model, TaskData data, ImportanceGradients gradients, torch.Device device,
        IDictionary<string, IReadOnlyList<double>> samples, CancellationToken cancellation)
    {
        var importance = Measure(model, data, gradients, device, cancellation);
        foreach (var (index, heads) in importance.Heads.Index())
            samples[HeadsName(index + 1)] = [.. heads.Select(value => (double)value)];
        Rewiring.Apply(model, importance);
    }

    private static Importance Measure(
        BertForSequenceClassification model, TaskData data, ImportanceGradients gradients, torch.Device device, CancellationToken cancellation)
    {
        using var meter = new ImportanceMeter(model, gradients);
        foreach (var (_, rows) in data.Evaluations)
        {
            foreach (var numbers in Enumerable.Range(0, rows.Examples.Count).Chunk(BatchSize))
            {
                cancellation.ThrowIfCancellationRequested();
                using var batch = GlueBatch.Collate(rows, numbers, device);
                meter.Add(() => FineTuneObjective.HardLoss(model.forward(batch.Tokens, EncoderOutputs.None).Logits, batch.Labels));
            }
        }
        return meter.Result();
    }
}
