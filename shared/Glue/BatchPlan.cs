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

/// <summary>Which rows make up each batch of an epoch; a pure function of data, seed and epoch, so that a resumed run sees the same.</summary>
public static class BatchPlan
{
    /// <summary>The batches of an epoch, each a list of rows; the last may be short.</summary>
    /// <param name="lengths">Tokens of each row.</param>
    /// <param name="order">Order of the rows.</param>
    /// <param name="batchSize">Rows a batch.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="poolBatches">Batches of a pool that is sorted by length.</param>
    public static IReadOnlyList<int[]> Epoch(
        IReadOnlyList<int> lengths, BatchOrder order, int batchSize, long seed, int epoch, int poolBatches = 50) => throw new NotImplementedException();
}
