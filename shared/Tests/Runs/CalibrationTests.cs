using Replication.Bert;
using Replication.Runs;

namespace Replication.Tests.Runs;

public class CalibrationTests
{
    private static readonly Calibration Machine = new(Fp32: new ComputeRate(Training: 100, Inference: 50), Bf16: new ComputeRate(Training: 400, Inference: 20));

    [TestCase(Precision.Fp32, 8, 16)]
    [TestCase(Precision.Bf16, 2, 40)]
    public void Seconds_OneKindOfWork_TakesTheRateOfItsFormat(Precision precision, double training, double inference)
    {
        Assert.Multiple(() =>
        {
            Assert.That(Machine.Seconds(RunWork.Training(precision, 800)), Is.EqualTo(training));
            Assert.That(Machine.Seconds(RunWork.Inference(precision, 800)), Is.EqualTo(inference));
        });
    }

    [Test]
    public void Seconds_SumOfWork_IsTheSumOfTheTimes()
    {
        var work = RunWork.Training(Precision.Bf16, 800) + RunWork.Inference(Precision.Fp32, 100) + RunWork.Training(Precision.Fp32, 100);

        Assert.That(Machine.Seconds(work), Is.EqualTo(2 + 2 + 1));
    }
}
