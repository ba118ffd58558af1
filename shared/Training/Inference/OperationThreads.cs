using Replication.Bert;
using static TorchSharp.torch;

namespace Replication.Training;

/// <summary>
/// The threads that an operation is shared by, for as long as this lives. Each operation waits for its slowest thread, and on a
/// busy machine that is one that was descheduled: a small operation then loses many times what a second thread gains.
/// </summary>
internal sealed class OperationThreads : IDisposable
{
    // Six layers of 384 for about 100 tokens. A forward pass is some 70 operations: below this, each takes less than half a millisecond.
    private const double LeastFlopsToShare = 2e9;

    private readonly int _before;

    private OperationThreads(int threads)
    {
        _before = get_num_threads();
        if (threads != _before)
            set_num_threads(threads);
    }

    /// <summary>Sets the number of threads.</summary>
    public static OperationThreads Use(int threads) => new(threads);

    /// <summary>How many threads a forward pass over some texts is worth.</summary>
    /// <param name="config">The model's geometry.</param>
    /// <param name="lengths">Tokens of each text.</param>
    /// <param name="most">Threads that there are.</param>
    public static int For(BertConfig config, IReadOnlyList<int> lengths, int most) =>
        lengths.Sum(length => (double)ModelSize.Flops(config, length)) < LeastFlopsToShare ? 1 : most;

    /// <summary>Sets the number of threads to what it was.</summary>
    public void Dispose()
    {
        if (get_num_threads() != _before)
            set_num_threads(_before);
    }
}
