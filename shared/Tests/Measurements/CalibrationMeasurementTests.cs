using Replication.Bert;
using Replication.Measurements;
using Replication.Runs;
using Replication.Tests.Runs;

namespace Replication.Tests.Measurements;

public class CalibrationMeasurementTests
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);

    [Test]
    public void Measure_TinyModel_GivesRatesThatTheMachineCanReach()
    {
        using var bench = new RunBench();
        var config = new BertConfig {
            VocabSize = 100, HiddenSize = 64, NumHiddenLayers = 2, NumAttentionHeads = 2, IntermediateSize = 128 };

        var rates = CalibrationMeasurement.Measure(
            bench.Workspace with { Clock = TimeProvider.System }, config, TimeSpan.FromMilliseconds(20), CancellationToken.None);

        Assert.That(new[] { rates.Fp32.Training, rates.Fp32.Inference, rates.Bf16.Training, rates.Bf16.Inference },
            Has.All.InRange(1e5, 1e14));
    }

    [Test]
    public void LoadOrMeasure_MeasuredToday_IsNotMeasuredAgain()
    {
        using var bench = new RunBench();
        var measured = 0;
        double Load(Workspace workspace) =>
            CalibrationMeasurement.LoadOrMeasure(
                workspace, () => new ComputeRates(new ComputeRate(++measured, 2), new ComputeRate(3, 4))).Fp32.Training;

        var (first, second) = (Load(bench.Workspace), Load(bench.Workspace));
        var elsewhere = Load(bench.Workspace with { Processor = new Processor("another", ["AVX2"]) });
        bench.Clock.Advance(TimeSpan.FromDays(2));

        Assert.That(new[] { first, second, elsewhere, Load(bench.Workspace) }, Is.EqualTo(new double[] { 1, 1, 2, 3 }));
    }

    [TestCase(1.5, 2 + 4, 2 + 1, TestName = "MedianSeconds_OneIsHopelesslySlow_IsTimedOnceAfterTheWarmUp")]
    [TestCase(2.5, 2 + 3, 1, TestName = "MedianSeconds_OneIsFarSlower_IsTimedOnce")]
    public void MedianSeconds_OneIsSlower(double slowSeconds, int fastTurns, int slowTurns)
    {
        var clock = new FakeClock();
        var (fast, slow) = (0, 0);

        var seconds = CalibrationMeasurement.MedianSeconds(
            [
                () =>
                {
                    fast++;
                    clock.Advance(TimeSpan.FromSeconds(0.5));
                },
                () =>
                {
                    slow++;
                    clock.Advance(TimeSpan.FromSeconds(slowSeconds));
                },
            ],
            Budget, clock, CancellationToken.None);

        Assert.That(seconds, Is.EqualTo(new[] { 0.5, slowSeconds }));
        Assert.That((fast, slow), Is.EqualTo((fastTurns, slowTurns)));
    }
}
