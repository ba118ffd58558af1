using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>The input of an encoder: three int64 tensors of shape [batch, length].</summary>
/// <param name="InputIds">Word-piece ids.</param>
/// <param name="TokenTypeIds">0 for the first sentence, 1 for the second.</param>
/// <param name="AttentionMask">1 for a token, 0 for padding.</param>
public sealed record TokenBatch(Tensor InputIds, Tensor TokenTypeIds, Tensor AttentionMask) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        InputIds.Dispose();
        TokenTypeIds.Dispose();
        AttentionMask.Dispose();
    }
}
