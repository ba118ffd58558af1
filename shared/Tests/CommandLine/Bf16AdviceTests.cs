using Replication.CommandLine;
using Replication.Runs;

namespace Replication.Tests.CommandLine;

internal sealed class Bf16AdviceTests
{
    [TestCase("cpu", "AVX2, AVX-512, AVX-512 BF16")]
    [TestCase("cpu", "AVX2, AVX-512, AMX BF16")]
    [TestCase("cuda", "AVX2")]
    public void For_DeviceThatHasBf16_SaysNothing(string device, string processor) => Assert.That(Bf16Advice.For(new RunEnvironment(device, 2, "2.10.0", processor)), Is.Null);

    [Test]
    public void For_ProcessorWithoutBf16_NamesTheOption() => Assert.That(Bf16Advice.For(new RunEnvironment("cpu", 2, "2.10.0", "AVX2")), Does.Contain("--precision fp32"));
}
