using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Glue;
using Replication.Training;
using TorchSharp;

namespace Replication.DynaBERT;

/// <summary>Importance on the dev set with its labels, as the paper measures it, and what a report shows of it.</summary>
internal static class DevImportance
{
    /// <summary>Groups of neighbouring neurons that the samples sum up.</summary>
    public const int NeuronGroups = 32;

    /// <summary>
    /// Rows of a batch, by whose size importance differs since it sums up absolute values: the evaluation batches of the authors'
    /// program in its form; the paper gives no number.
    /// </summary>
    /// <param name="gradients">Whose form of it.</param>
    public static int BatchSize(ImportanceGradients gradients) => gradients == ImportanceGradients.CarriedOver ? 8 : 32;

    /// <summary>Name of the samples that hold a layer's head importance, in the order before the rewiring.</summary>
    /// <param name="layer">The layer, counted from 1.</param>
    public static string HeadsName(int layer) => FormattableString.Invariant($"head importance, layer {layer:00}");

    /// <summary>Name of the samples that hold a layer's neuron importance, summed over groups of neighbours from left to right.</summary>
    /// <param name="layer">The layer, counted from 1.</param>
    /// <param name="rewired">Whether in the order after the rewiring.</param>
    public static string NeuronsName(int layer, bool rewired) =>
        FormattableString.Invariant($"neuron importance, layer {layer:00}, {(rewired ? "after" : "before")}");

    /// <summary>Measures it.</summary>
    /// <param name="model">The full network, on the device.</param>
    /// <param name="data">The task's dev sets are used.</param>
    /// <param name="gradients">Whose form of it.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public static Importance Measure(
        BertForSequenceClassification model, TaskData data, ImportanceGradients gradients, torch.Device device, CancellationToken cancellation)
    {
        using var meter = new ImportanceMeter(model, gradients);
        foreach (var (_, rows) in data.Evaluations)
        {
            foreach (var numbers in Enumerable.Range(0, rows.Examples.Count).Chunk(BatchSize(gradients)))
            {
                cancellation.ThrowIfCancellationRequested();
                using var batch = GlueBatch.Collate(rows, numbers, device);
                meter.Add(() => FineTuneObjective.HardLoss(model.forward(batch.Tokens, EncoderOutputs.None).Logits, batch.Labels));
            }
        }
        return meter.Result();
    }

    /// <summary>
    /// What a result keeps of it. The rewired network computes what it did, so that importance moves with the heads and neurons
    /// and need not be measured again.
    /// </summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<double>> Samples(Importance importance)
    {
        var samples = new SortedDictionary<string, IReadOnlyList<double>>(StringComparer.Ordinal);
        foreach (var (index, heads) in importance.Heads.Index())
            samples[HeadsName(index + 1)] = [.. heads.Select(value => (double)value)];
        foreach (var (index, neurons) in importance.Neurons.Index())
        {
            samples[NeuronsName(index + 1, rewired: false)] = Grouped(neurons);
            samples[NeuronsName(index + 1, rewired: true)] = Grouped([.. Rewiring.Order(neurons).Select(position => neurons[position])]);
        }
        return samples;
    }

    // Groups of equal size, give or take one; fewer where there are fewer neurons.
    private static double[] Grouped(float[] values)
    {
        var groups = Math.Min(NeuronGroups, values.Length);
        var sums = new double[groups];
        foreach (var (index, value) in values.Index())
            sums[(int)((long)index * groups / values.Length)] += value;
        return sums;
    }
}
