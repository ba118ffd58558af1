using static TorchSharp.torch;

namespace Replication.Tests.Foundation;

public sealed class PeakMemoryTests
{
    [Test]
    [Platform("Linux")]
    public void TryReset_AfterALargeTensor_ForgetsIt()
    {
        const long Elements = 64 << 20;
        using (var large = ones(Elements))
            Assert.That(large.sum().item<float>(), Is.EqualTo(Elements));
        var peak = PeakMemory.Bytes();
        Assert.That(PeakMemory.TryReset(), Is.True);
        Assert.That(PeakMemory.Bytes(), Is.LessThan(peak - (Elements * 2)), "most of the tensor's 256 MiB");
    }
}
