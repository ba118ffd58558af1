using System.Numerics;
using Replication.Glue;

namespace Replication.Training;

/// <summary>
/// Batches of few shapes: as many rows as a power of two, padded to a multiple of eight tokens. What the C library's allocator
/// frees for one fits the next; with a shape of its own for each batch, 100,000 texts left a gigabyte of gaps behind.
/// </summary>
internal static class ShapedBatches
{
    private const int LengthStep = 8;
    private const int TokensPerBatch = 2048;

    /// <summary>All rows, neighbours in length together.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="longest">Most tokens that the model takes.</param>
    public static IEnumerable<int[]> Of(EncodedDataset data, int longest)
    {
        var order = Enumerable.Range(0, data.Examples.Count).OrderByDescending(row => data.Examples[row].Length).ToArray();
        for (var done = 0; done < order.Length;)
        {
            var length = Length(data, order[done..(done + 1)], longest);
            var rows = Math.Min(order.Length - done, Math.Max(1, TokensPerBatch / length));
            rows = 1 << BitOperations.Log2((uint)rows);
            yield return order[done..(done + rows)];
            done += rows;
        }
    }

    /// <summary>The length that a batch is padded to.</summary>
    public static int Length(EncodedDataset data, int[] rows, int longest) =>
        Math.Min(longest, (rows.Max(row => data.Examples[row].Length) + LengthStep - 1) / LengthStep * LengthStep);
}
