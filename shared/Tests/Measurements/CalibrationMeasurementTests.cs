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
            Assert.That(calibration.TrainingFlopsPerSecond, Is.InRange(1e7, 1e13));
            Assert.That(calibration.InferenceFlopsPerSecond, Is.InRange(1e7, 1e13));
        });
    }

    [Test]
    public void LoadOrMeasure_MeasuredToday_IsNotMeasuredAgain()
    {
        using var bench = new RunBench();
        var measured = 0;
        Calibration Load() => CalibrationMeasurement.LoadOrMeasure(bench.Workspace, () => new Calibration(++measured, 2));

        var (first, second) = (Load(), Load());
        bench.Clock.Advance(TimeSpan.FromDays(2));
        var third = Load();

        Assert.That((first, second, third), Is.EqualTo((new Calibration(1, 2), new Calibration(1, 2), new Calibration(2, 2))));
    }
}
