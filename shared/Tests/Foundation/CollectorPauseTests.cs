using System.Runtime;

namespace Replication.Tests.Foundation;

[NonParallelizable]
public sealed class CollectorPauseTests
{
    private readonly byte[][] _kept = new byte[64][];

    [Test]
    public void Renew_BeforeABatch_NothingIsCollectedInIt()
    {
        using var pause = new CollectorPause();
        for (var batch = 0; batch < 20; batch++)
        {
            pause.Renew();
            var collections = GC.CollectionCount(0);
            Allocate(4 << 20);
            Assert.That(GC.CollectionCount(0), Is.EqualTo(collections), $"batch {batch}");
        }
    }

    [Test]
    public void Renew_ManyBatches_GarbageGoesBetweenThem()
    {
        using var pause = new CollectorPause();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var batch = 0; batch < 200; batch++)
        {
            pause.Renew();
            Allocate(4 << 20);
        }
        Assert.That(GC.GetTotalMemory(forceFullCollection: false) - before, Is.LessThan(64 << 20), "of 800 MiB");
    }

    [Test]
    public void Renew_PausesForOneBatchEach_NotAllIsCollectedEachTime()
    {
        const int Pauses = 20;
        var before = GC.CollectionCount(GC.MaxGeneration);
        for (var i = 0; i < Pauses; i++)
        {
            using var pause = new CollectorPause();
            pause.Renew();
            Allocate(1 << 20);
        }
        // The runtime counts the beginning of a pause as one, though it collects nothing then.
        Assert.That(GC.CollectionCount(GC.MaxGeneration) - before, Is.LessThan(Pauses * 3 / 2));
    }

    [Test]
    public void Dispose_PauseWithinAPause_TheCollectorGoesOnAndTheOuterOneIsRenewed()
    {
        using var outer = new CollectorPause();
        outer.Renew();
        using (var inner = new CollectorPause())
            inner.Renew();
        Assert.That(GCSettings.LatencyMode, Is.Not.EqualTo(GCLatencyMode.NoGCRegion));
        outer.Renew();
        Assert.That(GCSettings.LatencyMode, Is.EqualTo(GCLatencyMode.NoGCRegion));
    }

    [Test]
    public void Dispose_MoreAllocatedThanThereWasRoomFor_IsQuiet()
    {
        var pause = new CollectorPause();
        pause.Renew();
        Allocate(200 << 20);
        Assert.That(pause.Dispose, Throws.Nothing);
    }

    private void Allocate(int bytes)
    {
        for (var i = 0; i < bytes / 1024; i++)
            _kept[i % _kept.Length] = new byte[1000];
    }
}
