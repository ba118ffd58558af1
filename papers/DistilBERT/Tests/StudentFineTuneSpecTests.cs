using Replication.Bert;
using Replication.Distillation;
using Replication.Runs;
using Replication.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Replication.DistilBERT.Tests;

/// <summary>Whole chains of a tiny teacher: pretraining, fine-tuning, second distillation.</summary>
public sealed class StudentFineTuneSpecTests
{
    private static readonly TaskSelection Rows = new() { Task = "SST-2", Rows = 48 };

    private static readonly TrainingRecipe Recipe = new() { BatchSize = 8, Epochs = 1, MaxLength = 16, LearningRate = 1e-3 };

    private TinyWorkplace _place = null!;

    [SetUp]
    public void MakePlace()
    {
        set_num_threads(1);
        _place = new TinyWorkplace();
    }

    [TearDown]
    public void ClearPlace() => _place.Dispose();

    private StudentFineTuneSpec Student => new()
    {
        Selection = Rows, Student = _place.Spec(steps: 2), BaseModel = _place.Teacher, Recipe = Recipe, Seed = 1,
    };

    private FineTuneSpec Teacher => new() { Selection = Rows, BaseModel = _place.Teacher, Recipe = Recipe, Seed = 1 };

    [Test]
    public void Execute_LabelsAlone_LeavesADistilBertClassifierWithItsScore()
    {
        var run = _place.Run(Student);
        Assert.That(
            File.ReadAllText(Path.Combine(run.ModelFolder, "config.json")),
            Does.Contain("DistilBertForSequenceClassification").And.Contain("\"positive\""));
        Assert.That(run.Result.Scores["dev"]["accuracy"], Is.InRange(0.0, 1.0));
        Assert.That(run.Result.Facts[MeasuredRows.Count], Is.EqualTo(872));
        Assert.That(run.Result.Facts[MeasuredRows.LargerClass], Is.EqualTo(0.509).Within(0.001));
    }

    [Test]
    public void Execute_SecondDistillation_EndsElsewhereThanLabelsAlone()
    {
        var (plain, distilled) = (_place.Run(Student), _place.Run(Student with { TaskTeacher = Teacher }));
        static string Weights(FinishedRun run) => Digest.OfFile(Path.Combine(run.ModelFolder, "model.safetensors"));
        Assert.That(Weights(distilled), Is.Not.EqualTo(Weights(plain)));
        Assert.That(distilled.Manifest.Label, Does.Contain("(D)"));
    }

    [Test]
    public void Needs_SecondDistillation_NamesStudentAndTeacher()
    {
        Assert.That(Student.Needs(), Has.Count.EqualTo(1));
        Assert.That((Student with { TaskTeacher = Teacher }).Needs(), Has.Count.EqualTo(2));
    }

    // What finetune and evaluate do with a folder of either kind.
    [Test]
    public void FineTuneSpec_OfADistilBertFolder_TrainsIt()
    {
        var student = _place.Run(_place.Spec(steps: 2)).ModelFolder;
        var run = _place.Run(Teacher with { BaseModel = student });
        using var model = ModelFolder.OpenClassifier(run.ModelFolder, outputs: 2);
        Assert.That(model.Config.Kind, Is.EqualTo(EncoderKind.DistilBert));
        Assert.That(model.get_parameter("pre_classifier.weight"), Is.Not.Null);
    }

    [Test]
    public void TaskDistillation_ByDefault_IsHalfOfTheReferencesDivergence()
    {
        var defaults = new TaskDistillation();
        Assert.That(
            (defaults.SoftWeight, defaults.Soft.Temperature, defaults.Soft.Divergence, defaults.Soft.TimesTemperatureSquared,
            defaults.Soft.Reduction),
            Is.EqualTo((0.5, 2.0, SoftDivergence.KullbackLeibler, true, Replication.Distillation.Reduction.BatchMean)));
    }

    [Test]
    [Category("Golden")]
    public void TaskDistillation_OfTheReferencesLogits_IsTheReferences()
    {
        using var scope = NewDisposeScope();
        var soft = new TaskDistillation().Soft with { Temperature = 5 };
        var loss = soft.Loss(GoldenLosses.Input("student_logits"), GoldenLosses.Input("teacher_logits"));
        GoldenLosses.AssertClose(loss.item<float>(), "kd.batchmean_T2.T5");
    }
}
