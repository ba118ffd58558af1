using Replication.Measurements;
using static TorchSharp.torch;

namespace Replication.Tests.Measurements;

public sealed class AddedMemoryTests
{
    [Test]
    public void During_WhatIsFreedAgain_Counts()
    {
        const int Size = 128 << 20;
        var added = AddedMemory.During(() =>
        {
            using var held = ones(Size / sizeof(float));
            Thread.Sleep(50);
        });
        Assert.That(added, Is.InRange(Size / 2, 2L * Size));
    }

    [Test]
    public void During_ActionFails_LetsTheFailureOut() =>
        Assert.That(() => AddedMemory.During(() => throw new ReplicationException("No.")), Throws.TypeOf<ReplicationException>());
}
