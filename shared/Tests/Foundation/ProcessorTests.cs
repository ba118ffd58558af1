namespace Replication.Tests.Foundation;

internal sealed class ProcessorTests
{
    private static readonly Processor Newest = new("New", ["AVX2", "AVX-512", "AVX-512 BF16", "AMX BF16"]);

    [TestCase(null, true, 4)]
    [TestCase("DEFAULT", true, 4)]
    [TestCase("avx512_core_amx", true, 4)]
    [TestCase("AVX512_CORE_BF16", true, 3)]
    [TestCase("AVX512_CORE", false, 2)]
    [TestCase("AVX2", false, 2)]
    public void LimitedTo_SetOfOneDnn_HidesWhatIsNewer(string? limit, bool hasBf16, int left)
    {
        var limited = Newest.LimitedTo(limit);

        Assert.That((limited.HasBf16, limited.InstructionSets.Count), Is.EqualTo((hasBf16, left)));
    }

    [Test]
    public void Kernels_NothingIsKnown_IsTheArchitecture() => Assert.That(new Processor("x", []).Kernels, Is.Not.Empty);

    [Test]
    public void OfThisMachine_LimitInTheEnvironment_Holds()
    {
        var limited = Processor.OfThisMachine(name => name == "ONEDNN_MAX_CPU_ISA" ? "AVX2" : null);

        Assert.That(limited.HasBf16, Is.False);
        Assert.That(limited.Name, Is.Not.Empty);
    }
}
