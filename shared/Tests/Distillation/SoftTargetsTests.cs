using Replication.Distillation;
using static TorchSharp.torch;

namespace Replication.Tests.Distillation;

/// <summary>Soft targets against PyTorch's values and against what the formulas say.</summary>
public sealed class SoftTargetsTests
{
    private static readonly SoftTargets BatchMean = new()
    {
        Divergence = SoftDivergence.KullbackLeibler, Reduction = Reduction.BatchMean, TimesTemperatureSquared = true,
    };

    [TestCase(1)]
    [TestCase(5)]
    [TestCase(20)]
    [Category("Golden")]
    public void Loss_BatchMeanTimesTSquared_IsTheReferences(double temperature) =>
        AssertGolden(BatchMean with { Temperature = temperature }, FormattableString.Invariant($"kd.batchmean_T2.T{temperature}"));

    [TestCase(1)]
    [TestCase(5)]
    [TestCase(20)]
    [Category("Golden")]
    public void Loss_ElementMeanTimesTSquared_IsTheReferences(double temperature) => AssertGolden(
        BatchMean with { Temperature = temperature, Reduction = Reduction.ElementMean },
        FormattableString.Invariant($"kd.elementmean_T2.T{temperature} (PKD official code)"));

    [TestCase(1)]
    [TestCase(5)]
    [TestCase(20)]
    [Category("Golden")]
    public void Loss_CrossEntropySummed_IsTheReferences(double temperature) => AssertGolden(
        new SoftTargets { Temperature = temperature, Reduction = Reduction.Sum },
        FormattableString.Invariant($"kd.soft_cross_entropy_sum_no_T2.T{temperature} (PKD paper L_DS, summed over the batch)"));

    [TestCase("tinybert.pred.soft_cross_entropy_batch_mean (paper)", Reduction.BatchMean)]
    [TestCase("tinybert.pred.mean_over_batch_and_classes (official code)", Reduction.ElementMean)]
    [TestCase("dynabert.logit.soft_cross_entropy_batch_mean", Reduction.BatchMean)]
    [Category("Golden")]
    public void Loss_CrossEntropyAtTemperatureOne_IsTheReferencesOfTheOtherPapers(string name, Reduction reduction) =>
        AssertGolden(new SoftTargets { Reduction = reduction }, name);

    [Test]
    public void Loss_DivergenceAndCrossEntropy_HaveTheSameGradient()
    {
        using var scope = NewDisposeScope();
        var teacher = tensor(new float[,] { { 2, -1, 0.5f }, { -3, 1, 1 } });
        var gradients = new[] { SoftDivergence.CrossEntropy, SoftDivergence.KullbackLeibler }.Select(divergence =>
        {
            var student = tensor(new float[,] { { 0.1f, 0.2f, -1 }, { 1, 0, 2 } }, requires_grad: true);
            new SoftTargets { Temperature = 3, Divergence = divergence }.Loss(student, teacher).backward();
            return student.grad!.data<float>().ToArray();
        }).ToArray();
        Assert.That(gradients[0], Is.EqualTo(gradients[1]).Within(1e-6));
    }

    [Test]
    public void Loss_EqualOutputs_IsZeroForTheDivergence()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new float[,] { { 2, -1, 0.5f }, { -30, 100, 1 } });
        Assert.That(BatchMean.Loss(logits, logits).item<float>(), Is.Zero.Within(1e-6));
    }

    [TestCase(Reduction.Sum, 5.0)]
    [TestCase(Reduction.BatchMean, 2.5)]
    [TestCase(Reduction.ElementMean, 2.5)]
    public void Loss_OneOutput_IsTheSquaredDistanceWhateverTheTemperature(Reduction reduction, double expected)
    {
        using var scope = NewDisposeScope();
        var soft = BatchMean with { Temperature = 7, Reduction = reduction };
        var loss = soft.Loss(tensor(new float[,] { { 1 }, { 4 } }), tensor(new float[,] { { 3 }, { 5 } }));
        Assert.That(loss.item<float>(), Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void Loss_TeacherOfAnotherTask_IsRefused()
    {
        using var scope = NewDisposeScope();
        Assert.That(() => BatchMean.Loss(zeros(2, 3), zeros(2, 2)),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("same task"));
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(double.NaN)]
    public void Validate_TemperatureOutOfRange_IsRefused(double temperature) =>
        Assert.That(() => new SoftTargets { Temperature = temperature }.Validate(),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("temperature"));

    private static void AssertGolden(SoftTargets soft, string name)
    {
        using var scope = NewDisposeScope();
        var loss = soft.Loss(GoldenLosses.Input("student_logits"), GoldenLosses.Input("teacher_logits"));
        GoldenLosses.AssertClose(loss.item<float>(), name);
    }
}
