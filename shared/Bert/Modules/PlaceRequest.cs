using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>Asks a pass for the last state at one place of each sequence only.</summary>
/// <param name="Places">int64 [batch], among the batch's batch x length, row by row.</param>
/// <param name="Weights">The weights in the number format of the pass.</param>
internal sealed record PlaceRequest(Tensor Places, ProductWeights Weights);
