using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace Replication.Tests.Foundation;

[TestFixture, NonParallelizable]
internal sealed class CpuParallelismTests
{
    private int _before;

    [SetUp]
    public void SetThreads()
    {
        _before = get_num_threads();
        set_num_threads(2);
    }

    [TearDown]
    public void RestoreThreads() => set_num_threads(_before);

    [Test]
    public void ForEach_Items_EachComputedOnceByAThreadOfOne()
    {
        var seen = new ConcurrentBag<(int Item, int Threads)>();
        CpuParallelism.ForEach(Enumerable.Range(0, 50).ToList(), item => seen.Add((item, get_num_threads())));
        Assert.That(seen.Select(s => s.Item).Order(), Is.EqualTo(Enumerable.Range(0, 50)));
        Assert.That(seen.Select(s => s.Threads), Has.All.EqualTo(1));
    }

    [Test]
    public void ForEach_Afterwards_ThisThreadAndNewOnesHaveAsManyAsBefore()
    {
        CpuParallelism.ForEach([1, 2, 3], _ => { });
        var fresh = 0;
        var thread = new Thread(() => fresh = get_num_threads());
        thread.Start();
        thread.Join();
        Assert.That((get_num_threads(), fresh), Is.EqualTo((2, 2)));
    }

    [Test]
    public void ForEach_ItemThatFails_ThrowsAndBeginsNoMore()
    {
        var begun = 0;
        Assert.That(
            () => CpuParallelism.ForEach(Enumerable.Range(0, 1000).ToList(), item =>
            {
                Interlocked.Increment(ref begun);
                throw new InvalidDataException($"item {item}");
            }),
            Throws.InstanceOf<InvalidDataException>());
        Assert.That(begun, Is.LessThan(10));
        Assert.That(get_num_threads(), Is.EqualTo(2));
    }

    [Test]
    public void ForEach_NoItems_DoesNothing() => Assert.That(() => CpuParallelism.ForEach<int>([], _ => Assert.Fail()), Throws.Nothing);
}
