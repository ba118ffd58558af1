namespace Replication.Training;

/// <summary>What one training step came to.</summary>
/// <param name="Loss">What was minimised, and its terms.</param>
/// <param name="RealTokens">Tokens of its sequences, padding left out.</param>
/// <param name="PaddedTokens">The same with padding.</param>
public sealed record StepReport(LossReport Loss, long RealTokens, long PaddedTokens);
