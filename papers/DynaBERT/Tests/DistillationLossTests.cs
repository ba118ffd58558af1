using static TorchSharp.torch;

namespace Replication.DynaBERT.Tests;

/// <summary>The terms against PyTorch's values.</summary>
public sealed class DistillationLossTests
{
    [Test]
    [Category("Golden")]
    public void Prediction_TwoLogits_IsTheReferences()
    {
        using var scope = NewDisposeScope();
        var loss = new DistillationLoss().Prediction(GoldenLosses.Input("student_logits"), GoldenLosses.Input("teacher_logits"));
        Assert.That(loss!.item<float>(), Is.EqualTo(GoldenLosses.Value("dynabert.logit.soft_cross_entropy_batch_mean")).Within(1e-4));
    }

    [Test]
    [Category("Golden")]
    public void Hidden_OneState_IsTheReferences()
    {
        using var scope = NewDisposeScope();
        var (student, teacher) = (GoldenLosses.Input("student_hidden"), GoldenLosses.Input("teacher_hidden"));
        Assert.That(
            DistillationLoss.Hidden([student], [teacher]).item<float>(),
            Is.EqualTo(GoldenLosses.Value("dynabert.hidden.mean_with_padding")).Within(1e-4));
        Assert.That(
            DistillationLoss.Hidden([student, student], [teacher, student]).item<float>(),
            Is.EqualTo(GoldenLosses.Value("dynabert.hidden.mean_with_padding")).Within(1e-4), "a sum over states");
    }

    [Test]
    public void Prediction_Regression_IsLeftOutByTheSwitchAlone()
    {
        using var scope = NewDisposeScope();
        var (student, teacher) = (tensor(new float[,] { { 1 }, { 4 } }), tensor(new float[,] { { 3 }, { 5 } }));
        Assert.That(new DistillationLoss().Prediction(student, teacher)!.item<float>(), Is.EqualTo(2.5).Within(1e-6));
        Assert.That(new DistillationLoss { MatchesScores = false }.Prediction(student, teacher), Is.Null);
    }

    [TestCase(-1, 1, "lambda_1")]
    [TestCase(1, double.NaN, "lambda_2")]
    [TestCase(0, 0, "both 0")]
    public void Validate_WeightOutOfRange_NamesIt(double lambda1, double lambda2, string named) => Assert.That(
        () => new DistillationLoss { Lambda1 = lambda1, Lambda2 = lambda2 }.Validate(),
        Throws.TypeOf<ReplicationException>().With.Message.Contains(named));
}
