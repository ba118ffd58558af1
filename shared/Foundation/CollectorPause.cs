using System.Runtime;

namespace Replication;

/// <summary>
/// Pauses the garbage collector while a batch is computed. TorchSharp hands each number to libtorch in an object of its
/// own, even the 1 of a + b, and nothing holds that object while libtorch reads it: collected in that moment, the operation
/// fails ("Expected false to be true", seen in 1 of 60 trainings on a machine with more threads at work than cores).
/// Between batches the collector may run.
/// </summary>
public sealed class CollectorPause : IDisposable
{
    // A step allocates 1 or 2 MiB of small objects; the rest is room for what other threads allocate meanwhile.
    private const long Room = 64L << 20;
    private const long Used = Room / 4;
    private const int RenewalsPerFullCollection = 32;

    private long _begun;
    // The first collection is a young one: a pause for a single sentence would else cost a collection of all there is.
    private int _renewals = 1;

    /// <summary>To be called before each batch; lets the collector work if the room gets short, and pauses it again.</summary>
    public void Renew()
    {
        if (IsPaused && GC.GetTotalAllocatedBytes() - _begun < Used)
            return;
        End();
        // Beginning a pause collects nothing by itself: without this the heap would only grow.
        GC.Collect(_renewals++ % RenewalsPerFullCollection == 0 ? GC.MaxGeneration : 1);
        try
        {
            GC.TryStartNoGCRegion(Room);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentOutOfRangeException)
        {
            // Another thread was faster, or the heap may not grow as far: then the risk is what it was.
        }
        _begun = GC.GetTotalAllocatedBytes();
    }

    /// <summary>Ends the pause.</summary>
    public void Dispose() => End();

    private static bool IsPaused => GCSettings.LatencyMode == GCLatencyMode.NoGCRegion;

    private static void End()
    {
        if (!IsPaused)
            return;
        try
        {
            GC.EndNoGCRegion();
        }
        catch (InvalidOperationException)
        {
            // More was allocated than there was room for, and the runtime ended the pause by itself.
        }
    }
}
