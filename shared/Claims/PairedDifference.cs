namespace Replication.Claims;

/// <summary>A difference between two models on one task in one replicate; positive where it speaks for the claim.</summary>
/// <param name="Task">The task.</param>
/// <param name="Replicate">The replicate's number, the seed of both models.</param>
/// <param name="Value">Better minus worse, as the paper has them, in the claim's unit.</param>
public sealed record PairedDifference(string Task, int Replicate, double Value);
