using Replication.Bert;
using Replication.Training;
using TorchSharp;

namespace Replication.DynaBERT.Cost;

/// <summary>The memory of a plain training and of one over the sub-networks: weights, gradients, moments, activations and, in the second, the teacher.</summary>
internal static class StepMemory
{
    /// <summary>Bytes at the peak by step, beyond what the process held before; none where the system does not tell, as for a GPU.</summary>
    public static IReadOnlyList<(string Step, double Bytes)> Measure(BertConfig config, StepCostSpec spec, torch.Device device, CancellationToken cancellation)
    {
        if (device.type != DeviceType.CPU || !PeakMemory.TryReset())
            return [];
        return [.. new[] { StepCostSpec.Plain, StepCostSpec.Distilled }.Select(step => (step, (double)Of(step, config, spec, device, cancellation)))];
    }

    private static long Of(string step, BertConfig config, StepCostSpec spec, torch.Device device, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        PeakMemory.TryReset();
        var before = PeakMemory.Bytes();
        using var steps = new StepSubjects(config, spec, device, withTeacher: step == StepCostSpec.Distilled);
        using var optimizer = Optimizers.Create(spec.Recipe, steps.Network.named_parameters());
        // The second step finds the moments and the allocator as a long training does.
        for (var i = 0; i < 2; i++)
            steps.Run(step, optimizer);
        return PeakMemory.Bytes() - before;
    }
}
