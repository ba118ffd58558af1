namespace Replication.Glue;

/// <summary>In which order rows are visited.</summary>
public enum BatchOrder
{
    /// <summary>Every epoch a new permutation, cut into pools that are sorted by length, the batches shuffled.</summary>
    Bucketed,

    /// <summary>Every epoch a new permutation.</summary>
    Shuffled,

    /// <summary>File order in every epoch.</summary>
    Sequential,
}

/// <summary>
/// Which rows make up each batch of an epoch; a pure function of data, seed and epoch, so that a resumed run sees the same.
/// </summary>
public static class BatchPlan
{
    /// <summary>The batches of an epoch, each a list of rows; the last may be short.</summary>
    /// <param name="lengths">Tokens of each row.</param>
    /// <param name="order">Order of the rows.</param>
    /// <param name="batchSize">Rows per batch.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="poolBatches">Batches of a pool that is sorted by length.</param>
    public static IReadOnlyList<int[]> Epoch(
        IReadOnlyList<int> lengths, BatchOrder order, int batchSize, long seed, int epoch, int poolBatches = 50)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(poolBatches);
        var rows = Enumerable.Range(0, lengths.Count).ToArray();
        if (order == BatchOrder.Sequential)
            return [.. rows.Chunk(batchSize)];

        var random = new RandomStream(seed, "batches", epoch);
        random.Shuffle<int>(rows);
        if (order == BatchOrder.Shuffled)
            return [.. rows.Chunk(batchSize)];

        // The rows of the short last batch are drawn before sorting, or they would be the longest ones in every epoch.
        var full = rows.Length - rows.Length % batchSize;
        var batches = rows.AsSpan(0, full).ToArray()
            .Chunk(batchSize * poolBatches)
            .SelectMany(pool => pool.OrderBy(row => lengths[row]).Chunk(batchSize))
            .ToArray();
        random.Shuffle<int[]>(batches);
        return full == rows.Length ? batches : [.. batches, rows[full..]];
    }

    /// <summary>Share of padding among all the token places of some batches, each padded to its longest row.</summary>
    public static double PaddingShare(IReadOnlyList<int> lengths, IReadOnlyList<int[]> batches)
    {
        long places = 0, tokens = 0;
        foreach (var batch in batches)
        {
            places += (long)batch.Length * batch.Max(row => lengths[row]);
            tokens += batch.Sum(row => (long)lengths[row]);
        }
        return places == 0 ? 0 : 1 - (double)tokens / places;
    }
}
