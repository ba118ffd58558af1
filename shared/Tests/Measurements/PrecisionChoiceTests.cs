using Replication.Bert;
using Replication.Measurements;
using Replication.Runs;
using Replication.Tests.Runs;

namespace Replication.Tests.Measurements;

internal sealed class PrecisionChoiceTests
{
    private static readonly Processor Without = new("Old", ["AVX2"]), With = new("New", ["AVX2", "AVX-512", "AMX BF16"]);

    private static readonly ComputeRates Emulated = Rates(150, 35), Native = Rates(150, 450);

    [Test]
    public void Of_ProcessorWithoutBf16_IsFp32AndSaysWhy()
    {
        var choice = PrecisionChoice.Of(Emulated, Without, "cpu");

        Assert.That(choice.Precision, Is.EqualTo(Precision.Fp32));
        Assert.That(choice.Reason, Is.EqualTo(
            "training steps run 4.3 times as fast as in bf16 (150.0 and 35.0 GFLOP/s); the processor has no instructions for bf16"));
    }

    [Test]
    public void Of_ProcessorWithBf16_IsBf16AndSaysWhy()
    {
        var choice = PrecisionChoice.Of(Native, With, "cpu");

        Assert.That(choice.Precision, Is.EqualTo(Precision.Bf16));
        Assert.That(choice.Reason, Is.EqualTo("training steps run 3.0 times as fast as in fp32 (450.0 and 150.0 GFLOP/s)"));
    }

    [Test]
    public void LoadOrMake_Kept_HoldsThoughAnotherTimingWouldDiffer()
    {
        using var bench = new RunBench();
        PrecisionChoice Choose(ComputeRates rates) => PrecisionChoice.LoadOrMake(bench.Workspace, new Calibration(() => rates));
        Assert.That((Choose(Emulated).Precision, Choose(Native).Precision), Is.EqualTo((Precision.Fp32, Precision.Bf16)),
            "before one is kept");

        Choose(Emulated).Keep(bench.Workspace);

        Assert.That(Choose(Native), Is.EqualTo(Choose(Emulated)));
    }

    private static ComputeRates Rates(double fp32, double bf16) => new(new ComputeRate(fp32 * 1e9, 1), new ComputeRate(bf16 * 1e9, 1));
}
