using static TorchSharp.torch;

namespace Replication.PatientKD.Tests;

/// <summary>The terms against PyTorch's values, and the presets against what they name.</summary>
public sealed class PatientKdLossTests
{
    [TestCase("pkd.patience.normalised_sum (paper)", nameof(PatientKdLoss.Paper))]
    [TestCase("pkd.patience.normalised_mean (official code, normalise on)", nameof(PatientKdLoss.Default))]
    [TestCase("pkd.patience.normalised_mean (official code, normalise on)", nameof(PatientKdLoss.Reference))]
    [TestCase("pkd.patience.raw_mean (official code, normalise off)", nameof(PatientKdLoss.OfficialCode))]
    [Category("Golden")]
    public void PatienceLoss_OfAPreset_IsTheReferences(string name, string preset)
    {
        using var scope = NewDisposeScope();
        var loss = Preset(preset).Patience.Loss(GoldenLosses.Input("student_cls"), GoldenLosses.Input("teacher_cls"));
        AssertClose(loss, GoldenLosses.Value(name));
    }

    [TestCase("kd.soft_cross_entropy_sum_no_T2.T5 (PKD paper L_DS, summed over the batch)", nameof(PatientKdLoss.Paper))]
    [TestCase("kd.elementmean_T2.T5 (PKD official code)", nameof(PatientKdLoss.OfficialCode))]
    [TestCase("kd.elementmean_T2.T5 (PKD official code)", nameof(PatientKdLoss.Default))]
    [TestCase("kd.batchmean_T2.T5", nameof(PatientKdLoss.Reference))]
    [Category("Golden")]
    public void SoftLoss_OfAPreset_IsTheReferences(string name, string preset)
    {
        using var scope = NewDisposeScope();
        var soft = Preset(preset).Soft with { Temperature = 5 };
        AssertClose(soft.Loss(GoldenLosses.Input("student_logits"), GoldenLosses.Input("teacher_logits")), GoldenLosses.Value(name));
    }

    [TestCase(nameof(PatientKdLoss.Paper), 6)]
    [TestCase(nameof(PatientKdLoss.OfficialCode), 1)]
    [TestCase(nameof(PatientKdLoss.Default), 1)]
    [Category("Golden")]
    public void HardLoss_OfAPreset_IsTheReferencesTimesTheRowsOfASum(string preset, int factor)
    {
        using var scope = NewDisposeScope();
        var loss = Preset(preset).HardLoss(GoldenLosses.Input("student_logits"), GoldenLosses.Input("labels"));
        AssertClose(loss, factor * GoldenLosses.Value("hard.cross_entropy"));
    }

    [Test]
    public void HardLoss_OfScores_IsTheSquaredError()
    {
        using var scope = NewDisposeScope();
        var (outputs, scores) = (tensor(new float[,] { { 1 }, { 4 } }), tensor(new float[] { 3, 5 }));
        Assert.That(PatientKdLoss.Default.HardLoss(outputs, scores).item<float>(), Is.EqualTo(2.5).Within(1e-6));
        Assert.That(PatientKdLoss.Paper.HardLoss(outputs, scores).item<float>(), Is.EqualTo(5).Within(1e-6));
    }

    [Test]
    public void PatienceLoss_StatesOfOneDirection_IsZeroOnlyWhenNormalised()
    {
        using var scope = NewDisposeScope();
        var states = rand(4, 2, 8) + 0.1;
        Assert.That(new PatienceLoss { Normalise = true }.Loss(states * 3, states).item<float>(), Is.Zero.Within(1e-6));
        Assert.That(new PatienceLoss { Normalise = false }.Loss(states * 3, states).item<float>(), Is.GreaterThan(0.01));
    }

    [Test]
    public void PatienceLoss_StudentNarrowerThanTeacher_IsRefused()
    {
        using var scope = NewDisposeScope();
        Assert.That(
            () => new PatienceLoss().Loss(zeros(2, 2, 4), zeros(2, 2, 8)),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("as wide as"));
    }

    [TestCase(-0.1, 0, "alpha")]
    [TestCase(1.1, 0, "alpha")]
    [TestCase(double.NaN, 0, "alpha")]
    [TestCase(0.5, -1, "beta")]
    public void Validate_WeightOutOfRange_NamesIt(double alpha, double beta, string named) => Assert.That(
        () => (PatientKdLoss.Default with { Alpha = alpha, Beta = beta }).Validate(),
        Throws.TypeOf<ReplicationException>().With.Message.Contains(named));

    private static PatientKdLoss Preset(string name) => (PatientKdLoss)typeof(PatientKdLoss).GetProperty(name)!.GetValue(null)!;

    private static void AssertClose(Tensor loss, double expected) =>
        Assert.That(loss.item<float>(), Is.EqualTo(expected).Within(Math.Max(1e-4, 1e-5 * Math.Abs(expected))));
}
