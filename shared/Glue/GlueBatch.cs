using Replication.Bert;
using static TorchSharp.torch;

namespace Replication.Glue;

/// <summary>Rows of a task as tensors, padded to one length.</summary>
/// <param name="Tokens">Encoder input, int64 [batch, length].</param>
/// <param name="Labels">int64 [batch] classes, or float32 [batch] scores for regression.</param>
/// <param name="Rows">Positions of the rows in their <see cref="EncodedDataset"/>.</param>
public sealed record GlueBatch(TokenBatch Tokens, Tensor Labels, int[] Rows) : IDisposable
{
    /// <summary>The label of a row whose class is hidden: PyTorch's losses leave it out.</summary>
    public const long HiddenClass = -100;

    /// <summary>Makes a batch of rows. Padding has id 0, type 0 and mask 0.</summary>
    /// <param name="data">The tokenised data.</param>
    /// <param name="rows">Positions of the rows, at least one.</param>
    /// <param name="device">Where the tensors are to lie.</param>
    /// <param name="leastLength">Tokens that the rows are padded to, where the longest of them has fewer.</param>
    public static GlueBatch Collate(EncodedDataset data, int[] rows, Device device, int leastLength = 0)
    {
        ArgumentOutOfRangeException.ThrowIfZero(rows.Length);
        var length = Math.Max(leastLength, rows.Max(row => data.Examples[row].InputIds.Length));
        var ids = new long[rows.Length * length];
        var types = new long[ids.Length];
        var mask = new long[ids.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var example = data.Examples[rows[i]];
            var tokens = example.InputIds.AsSpan();
            var place = i * length;
            for (var k = 0; k < tokens.Length; k++)
                ids[place + k] = tokens[k];
            types.AsSpan(place + example.FirstLength, tokens.Length - example.FirstLength).Fill(1);
            mask.AsSpan(place, tokens.Length).Fill(1);
        }
        long[] shape = [rows.Length, length];
        var batch = new TokenBatch(
            tensor(ids, shape, device: device), tensor(types, shape, device: device), tensor(mask, shape, device: device));
        return new GlueBatch(batch, LabelTensor(data, rows, device), rows);
    }

    private static Tensor LabelTensor(EncodedDataset data, int[] rows, Device device)
    {
        var labels = Array.ConvertAll(rows, row => data.Examples[row].Label);
        return data.Task.IsRegression
            ? tensor(labels, device: device)
            : tensor(Array.ConvertAll(labels, label => float.IsNaN(label) ? HiddenClass : (long)label), device: device);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Tokens.Dispose();
        Labels.Dispose();
    }
}
