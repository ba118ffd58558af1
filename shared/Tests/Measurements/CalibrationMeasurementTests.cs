using Replication.Bert;
using Replication.Measurements;
using Replication.Runs;
using Replication.Tests.Runs;

namespace Replication.Tests.Measurements;

public class CalibrationMeasurementTests
{
    [Test]
    public void Measure_TinyModel_GivesRatesThatTheMachineCanReach([Values] Precision precision)
    {
        using var bench = new RunBench();
        var config = new BertConfig { VocabSize = 100, HiddenSize = 64, NumHiddenLayers = 2, NumAttentionHeads = 2, IntermediateSize = 128 };

        var rate = CalibrationMeasurement.Measure(bench.Workspace with { Clock = TimeProvider.System }, config, precision, TimeSpan.FromMilliseconds(20), CancellationToken.None);

        Assert.Multiple(() =>
        {
            Assert.That(rate.Training, Is.InRange(1e7, 1e13));
            Assert.That(rate.Inference, Is.InRange(1e7, 1e13));
        });
    }

    [Test]
    public void LoadOrMeasure_MeasuredToday_IsNotMeasuredAgain()
    {
        using var bench = new RunBench();
        var measured = 0;
        ComputeRate Load(Precision precision = Precision.Fp32) => CalibrationMeasurement.LoadOrMeasure(bench.Workspace, precision, () => new ComputeRate(++measured, 2));

        var (first, second) = (Load(), Load());
        bench.Clock.Advance(TimeSpan.FromDays(2));
        var (third, other) = (Load(), Load(Precision.Bf16));

        Assert.That((first, second, third), Is.EqualTo((new ComputeRate(1, 2), new ComputeRate(1, 2), new ComputeRate(2, 2))));
        Assert.That(other, Is.EqualTo(new ComputeRate(3, 2)));
    }
}
