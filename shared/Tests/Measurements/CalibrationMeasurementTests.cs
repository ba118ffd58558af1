using Replication.Bert;
using Replication.Measurements;
using Replication.Runs;
using Replication.Tests.Runs;

namespace Replication.Tests.Measurements;

public class CalibrationMeasurementTests
{
    [Test]
    public void Measure_TinyModel_GivesRatesThatTheMachineCanReach()
    {
        using var bench = new RunBench();
        var config = new BertConfig { VocabSize = 100, HiddenSize = 64, NumHiddenLayers = 2, NumAttentionHeads = 2, IntermediateSize = 128 };

        var calibration = CalibrationMeasurement.Measure(bench.Workspace with { Clock = TimeProvider.System }, config, TimeSpan.FromMilliseconds(20), CancellationToken.None);

        Assert.Multiple(() =>
        {
            foreach (var rate in new[] { calibration.Fp32, calibration.Bf16 })
            {
                Assert.That(rate.Training, Is.InRange(1e7, 1e13));
                Assert.That(rate.Inference, Is.InRange(1e7, 1e13));
            }
        });
    }

    [Test]
    public void LoadOrMeasure_MeasuredToday_IsNotMeasuredAgain()
    {
        using var bench = new RunBench();
        var measured = 0;
        Calibration Load() => CalibrationMeasurement.LoadOrMeasure(bench.Workspace, () => Of(++measured));

        var (first, second) = (Load(), Load());
        bench.Clock.Advance(TimeSpan.FromDays(2));
        var third = Load();

        Assert.That((first, second, third), Is.EqualTo((Of(1), Of(1), Of(2))));
    }

    private static Calibration Of(double rate) => new(new ComputeRate(rate, 2), new ComputeRate(3, 4));
}
