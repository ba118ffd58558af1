using Replication.Bert.SubNetworks;
using Replication.Runs;

namespace Replication.Studies;

/// <summary>Which trained network, and how it is looked up.</summary>
/// <param name="Request">The profile and the user's wishes.</param>
/// <param name="Task">GLUE task by name.</param>
/// <param name="Replicate">The run's replicate.</param>
/// <param name="Find">Gives a finished run or null.</param>
public sealed record TrainedNetwork(ExperimentRequest Request, string Task, int Replicate, Func<RunSpec, FinishedRun?> Find)
{
    /// <summary>Says in one sentence where else a network is that was not found, and how to find it; null where it is nowhere.</summary>
    public Func<RunSpec, string?> Elsewhere { get; init; } = _ => null;
}

/// <summary>A paper whose trained network holds smaller ones, to be chosen from and cut out.</summary>
public interface ISubNetworkPaper : IPaper
{
    /// <summary>What each sub-network scores and costs.</summary>
    /// <exception cref="ReplicationException">The task was not trained, or the run is not finished.</exception>
    IReadOnlyList<SubNetworkCost> Costs(TrainedNetwork network);

    /// <summary>Writes a sub-network as a model folder of its own.</summary>
    /// <param name="network">The network.</param>
    /// <param name="width">Its width multiplier.</param>
    /// <param name="depth">Its depth multiplier.</param>
    /// <param name="cut">What becomes of the heads that it lacks.</param>
    /// <param name="folder">Where it goes.</param>
    /// <returns>What was written, in one sentence.</returns>
    /// <exception cref="ReplicationException">The task or the multipliers were not trained, or the run is not finished.</exception>
    string Export(TrainedNetwork network, double width, double depth, CutHeads cut, string folder);
}
