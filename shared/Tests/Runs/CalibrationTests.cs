using Replication.Bert;
using Replication.Runs;

namespace Replication.Tests.Runs;

public class CalibrationTests
{
    private readonly List<Precision> _measured = [];
    private Calibration _machine = null!;

    [SetUp]
    public void CreateMachine()
    {
        _measured.Clear();
        _machine = new Calibration(precision =>
        {
            _measured.Add(precision);
            return precision == Precision.Bf16 ? new ComputeRate(Training: 400, Inference: 20) : new ComputeRate(Training: 100, Inference: 50);
        });
    }

    [TestCase(Precision.Fp32, 8, 16)]
    [TestCase(Precision.Bf16, 2, 40)]
    public void Seconds_OneKindOfWork_TakesTheRateOfItsFormat(Precision precision, double training, double inference)
    {
        Assert.Multiple(() =>
        {
            Assert.That(_machine.Seconds(RunWork.Training(precision, 800)), Is.EqualTo(training));
            Assert.That(_machine.Seconds(RunWork.Inference(precision, 800)), Is.EqualTo(inference));
            Assert.That(_measured, Is.EqualTo(new[] { precision }), "the other format is not measured, and this one once");
        });
    }

    [Test]
    public void Seconds_SumOfWork_IsTheSumOfTheTimes()
    {
        var work = RunWork.Training(Precision.Bf16, 800) + RunWork.Inference(Precision.Fp32, 100) + RunWork.Training(Precision.Fp32, 100);

        Assert.That(_machine.Seconds(work), Is.EqualTo(2 + 2 + 1));
    }
}
