using Replication.Glue;

namespace Replication.Training;

/// <summary>What a step minimises. Leaves the gradients of one batch in the model's parameters.</summary>
public interface IObjective
{
    /// <summary>Runs the model on a batch and propagates the loss back.</summary>
    LossReport ForwardBackward(GlueBatch batch);
}

/// <summary>An objective with parameters of its own, such as projections, which are trained and checkpointed with the model's.</summary>
public interface IObjectiveWithParameters : IObjective
{
    /// <summary>The parameters; names that the model does not have.</summary>
    IReadOnlyList<(string Name, TorchSharp.Modules.Parameter Value)> Parameters { get; }
}

/// <summary>The loss of a batch.</summary>
/// <param name="Total">What was minimised.</param>
/// <param name="Terms">Its unweighted terms by the paper's name, such as "L_CE" and "L_PT".</param>
public sealed record LossReport(double Total, IReadOnlyDictionary<string, double> Terms);
