using Replication.Bert;
using static TorchSharp.torch;

namespace Replication.Glue;

/// <summary>Rows of a task as tensors, padded to the longest of them.</summary>
/// <param name="Tokens">Encoder input, int64 [batch, length].</param>
/// <param name="Labels">int64 [batch] classes, or float32 [batch] scores for regression.</param>
/// <param name="Rows">Positions of the rows in their <see cref="EncodedDataset"/>.</param>
public sealed record GlueBatch(TokenBatch Tokens, Tensor Labels, int[] Rows) : IDisposable
{
    /// <summary>Makes a batch of rows.</summary>
    public static GlueBatch Collate(EncodedDataset data, int[] rows, Device device) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose()
    {
        Tokens.Dispose();
        Labels.Dispose();
    }
}
