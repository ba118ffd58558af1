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
public sealed record LossReport(double Total, IReadOnlyDictionary<string, double> Terms)
{
    /// <summary>The losses of a batch from those of its parts, by their shares.</summary>
    public static LossReport Mean(IReadOnlyList<(double Share, LossReport Report)> parts) => parts is [var (_, whole)] ? whole : new(
        parts.Sum(part => part.Share * part.Report.Total),
        parts.SelectMany(part => part.Report.Terms.Select(term => (term.Key, Value: part.Share * term.Value)))
            .GroupBy(term => term.Key, term => term.Value, StringComparer.Ordinal).ToDictionary(term => term.Key, term => term.Sum()));
}
