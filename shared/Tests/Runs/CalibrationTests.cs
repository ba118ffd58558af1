using Replication.Bert;
using Replication.Runs;

namespace Replication.Tests.Runs;

public class CalibrationTests
{
    private static readonly ComputeRates Rates =
        new(Fp32: new ComputeRate(Training: 100, Inference: 50), Bf16: new ComputeRate(Training: 400, Inference: 20));

    [TestCase(Precision.Fp32, 8, 16)]
    [TestCase(Precision.Bf16, 2, 40)]
    public void Seconds_OneKindOfWork_TakesTheRateOfItsFormat(Precision precision, double training, double inference)
    {
        var machine = new Calibration(() => Rates);

        Assert.That(machine.Seconds(RunWork.Training(precision, 800)), Is.EqualTo(training));
        Assert.That(machine.Seconds(RunWork.Inference(precision, 800)), Is.EqualTo(inference));
    }

    [Test]
    public void Seconds_SumOfWork_IsTheSumOfTheTimes()
    {
        var work = RunWork.Training(Precision.Bf16, 800) + RunWork.Inference(Precision.Fp32, 100) + RunWork.Training(Precision.Fp32, 100);

        Assert.That(new Calibration(() => Rates).Seconds(work), Is.EqualTo(2 + 2 + 1));
    }

    [Test]
    public void Seconds_AskedOften_MeasuresOnceAndForNoWorkNotAtAll()
    {
        var measured = 0;
        var machine = new Calibration(() =>
        {
            measured++;
            return Rates;
        });

        machine.Seconds(default);
        Assert.That(measured, Is.Zero);
        machine.Seconds(RunWork.Training(Precision.Fp32, 1));
        machine.Seconds(RunWork.Training(Precision.Bf16, 1));
        Assert.That(measured, Is.EqualTo(1));
    }

    [TestCase(100, 400, Precision.Bf16)]
    [TestCase(150, 35, Precision.Fp32)]
    [TestCase(100, 100, Precision.Fp32)]
    public void Faster_RatesOfTraining_DecideAlone(double fp32, double bf16, Precision faster) =>
        Assert.That(new ComputeRates(new ComputeRate(fp32, 1), new ComputeRate(bf16, 1000)).Faster, Is.EqualTo(faster));
}
