namespace Replication;

/// <summary>What a model says about a text.</summary>
/// <param name="Label">The most probable class; the score as text for a model that gives scores.</param>
/// <param name="Probabilities">By class, in the order of <see cref="ITextClassifier.Labels"/>; empty for a model that gives scores.</param>
public sealed record Prediction(string Label, IReadOnlyList<double> Probabilities)
{
    /// <summary>The score; null for a model that gives classes.</summary>
    public double? Score { get; init; }
}
