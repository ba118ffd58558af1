using Replication.Glue;

namespace Replication.Training;

/// <summary>What a step minimises. Leaves the gradients of one batch in the model's parameters.</summary>
public interface IObjective
{
    /// <summary>Runs the model on a batch and propagates the loss back.</summary>
    LossReport ForwardBackward(GlueBatch batch);
}

/// <summary>The loss of a batch.</summary>
/// <param name="Total">What was minimised.</param>
/// <param name="Terms">Its unweighted terms by the paper's name, such as "L_CE" and "L_PT".</param>
public sealed record LossReport(double Total, IReadOnlyDictionary<string, double> Terms);
