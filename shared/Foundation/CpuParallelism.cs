using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace Replication;

/// <summary>
/// Independent computations side by side on the CPU, each on one of libtorch's threads. For small ones that loses less than
/// sharing every operation among the cores, and what they compute does not depend on the number of cores.
/// </summary>
internal static class CpuParallelism
{
    /// <summary>Computes every item; returns when all are done, or throws what the first to fail threw.</summary>
    public static void ForEach<T>(IReadOnlyList<T> items, Action<T> compute)
    {
        var threads = get_num_threads();
        var next = -1;
        ExceptionDispatchInfo? failure = null;
        // Threads of their own: libtorch remembers the number with the thread, and one of the pool would keep it.
        var workers = Enumerable.Range(0, Math.Min(threads, items.Count)).Select(_ => new Thread(Work) { IsBackground = true }).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
        set_num_threads(threads);
        failure?.Throw();

        void Work()
        {
            set_num_threads(1);
            try
            {
                while (failure is null && Interlocked.Increment(ref next) is var item && item < items.Count)
                    compute(items[item]);
            }
            catch (Exception e)
            {
                failure ??= ExceptionDispatchInfo.Capture(e);
            }
        }
    }
}
