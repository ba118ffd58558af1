using Replication.Bert;
using static TorchSharp.torch;

namespace Replication.Glue;

/// <summary>Rows of a task as tensors, padded to one length.</summary>
/// <param name="Tokens">Encoder input, int64 [texts, length]: a text a row, or the options of each row of a multiple choice, one after the
/// other.</param>
/// <param name="Labels">int64 [batch] classes, or float32 [batch] scores for regression; for question answering int64 [batch, 2], first and
/// last token.</param>
/// <param name="Rows">Positions of the rows in their <see cref="EncodedDataset"/>.</param>
public sealed record GlueBatch(TokenBatch Tokens, Tensor Labels, int[] Rows) : IDisposable
{
    /// <summary>The label of a row whose class is hidden: PyTorch's losses leave it out.</summary>
    public const long HiddenClass = -100;

    /// <summary>The share of a step's rows that it has, where a step's batch is computed in parts.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Makes a batch of rows. Padding has the data's id for it, type 0 and mask 0.</summary>
    /// <param name="data">The tokenised data.</param>
    /// <param name="rows">Positions of the rows, at least one.</param>
    /// <param name="device">The tensors' device.</param>
    /// <param name="leastLength">Tokens that the rows are padded to, where the longest of them has fewer.</param>
    public static GlueBatch Collate(EncodedDataset data, int[] rows, Device device, int leastLength = 0)
    {
        ArgumentOutOfRangeException.ThrowIfZero(rows.Length);
        var tokens = Tokenised([.. rows.SelectMany(row => data.Examples[row].Texts)], data.PaddingId, device, leastLength);
        return new GlueBatch(tokens, LabelTensor(data, rows, device), rows);
    }

    /// <summary>Texts as an encoder's input, padded to one length.</summary>
    /// <param name="texts">The texts, at least one.</param>
    /// <param name="paddingId">The id of padding.</param>
    /// <param name="device">The tensors' device.</param>
    /// <param name="leastLength">Tokens that the texts are padded to, where the longest of them has fewer.</param>
    public static TokenBatch Tokenised(IReadOnlyList<EncodedText> texts, int paddingId, Device device, int leastLength = 0)
    {
        var length = Math.Max(leastLength, texts.Max(text => text.InputIds.Length));
        var ids = new long[texts.Count * length];
        var types = new long[ids.Length];
        var mask = new long[ids.Length];
        if (paddingId != 0)
            Array.Fill(ids, paddingId);
        for (var i = 0; i < texts.Count; i++)
        {
            var (tokens, firstLength) = texts[i];
            var place = i * length;
            for (var k = 0; k < tokens.Length; k++)
                ids[place + k] = tokens[k];
            types.AsSpan(place + firstLength, tokens.Length - firstLength).Fill(1);
            mask.AsSpan(place, tokens.Length).Fill(1);
        }
        long[] shape = [texts.Count, length];
        return new TokenBatch(
            tensor(ids, shape).MovedTo(device), tensor(types, shape).MovedTo(device), tensor(mask, shape).MovedTo(device));
    }

    /// <summary>Propagates a loss back, by its batch's share of the step; the parts' gradients add up.</summary>
    /// <param name="loss">A scalar, the mean over the rows.</param>
    /// <param name="share">The share.</param>
    public static void Backward(Tensor loss, double share)
    {
        // The whole batch has the bits of no factor at all.
        if (share == 1)
        {
            loss.backward();
            return;
        }
        using var scaled = loss * share;
        scaled.backward();
    }

    private static Tensor LabelTensor(EncodedDataset data, int[] rows, Device device)
    {
        var labels = Array.ConvertAll(rows, row => data.Examples[row].Label);
        return data.Task.IsRegression
            ? tensor(labels).MovedTo(device)
            : tensor(Array.ConvertAll(labels, label => float.IsNaN(label) ? HiddenClass : (long)label)).MovedTo(device);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Tokens.Dispose();
        Labels.Dispose();
    }
}
