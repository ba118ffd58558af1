using Replication.Bert;
using Replication.Bert.Distil;
using Replication.Runs;
using Replication.Training;
using TorchSharp;

namespace Replication.DistilBERT.Tests;

/// <summary>Whole pretrainings of a tiny teacher.</summary>
public sealed class PretrainSpecTests
{
    private TinyWorkplace _place = null!;

    [SetUp]
    public void MakePlace()
    {
        torch.set_num_threads(1);
        _place = new TinyWorkplace();
    }

    [TearDown]
    public void ClearPlace() => _place.Dispose();

    [Test]
    public void Execute_SomeSteps_LeavesAStudentThatOpensAndWhatItLearnt()
    {
        var run = _place.Run(_place.Spec());
        using var student = ModelFolder.OpenMaskedLM(run.ModelFolder);
        Assert.Multiple(() =>
        {
            Assert.That(student.Config, Is.EqualTo(TinyPair.Config.ToDistil(2)));
            Assert.That(run.Result.Facts.Keys, Is.SupersetOf(new[] { "L_ce", "L_mlm", "L_cos", "steps", "tokens", "parameters" }));
            Assert.That(run.Result.Facts["steps"], Is.EqualTo(6));
            Assert.That(run.Manifest.Measurements["training tokens per second"], Is.GreaterThan(0));
            Assert.That(run.Manifest.Inputs.Select(i => i.Name), Is.EquivalentTo(new[] { "corpus/user", "teacher" }));
        });
    }

    [Test]
    public void Execute_MoreSteps_LearnsTheText()
    {
        double Loss(int steps) => _place.Run(_place.Spec(TripleLoss.MaskedOnly, steps)).Result.Facts["L_mlm"];
        Assert.That(Loss(60), Is.LessThan(Loss(2) - 0.3));
    }

    [TestCase(1)]
    [TestCase(4)]
    public void Execute_StoppedAndGoneOnWith_EndsWithTheSameBytes(int stopAfter)
    {
        using var other = new TinyWorkplace();
        var whole = _place.Run(_place.Spec());
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => other.Run(other.Spec(), new Stopper(stopAfter, stop), stop.Token));
        var resumed = other.Run(other.Spec());
        Assert.That(resumed.Manifest.Resumes, Is.EqualTo(1));
        foreach (var file in (string[])["model/model.safetensors", MetricsWriter.FileName, RunStore.ResultName])
            Assert.That(
                File.ReadAllBytes(Path.Combine(resumed.Path, file)), Is.EqualTo(File.ReadAllBytes(Path.Combine(whole.Path, file))), file);
    }

    [Test]
    public void SpecKey_OneSwitchChanged_IsAnother()
    {
        var spec = _place.Spec();
        PretrainSpec With(Func<PretrainingRecipe, PretrainingRecipe> change) => spec with { Recipe = change(spec.Recipe) };
        PretrainSpec[] all =
        [
            spec, spec with { Seed = 2 }, spec with { Teacher = "minilm-l6" },
            With(r => r with { Start = StudentStart.OfficialCode }), With(r => r with { CopyTransform = false }),
            With(r => r with { Steps = 7 }), With(r => r with { Steps = null }), With(r => r with { MicroBatch = 1 }),
            With(r => r with { Masking = new() }), With(r => r with { Training = r.Training with { Beta2 = 0.999 } }),
            With(r => r with { Loss = TripleLoss.Thirds }), With(r => r with { Loss = TripleLoss.Paper }),
            With(r => r with { Loss = r.Loss with { SoftOnHiddenWordsOnly = true } }),
            With(r => r with { Loss = r.Loss with { SoftWeight = 0 } }), With(r => r with { Loss = r.Loss with { CosineWeight = 0 } }),
            With(r => r with { Loss = r.Loss with { MaskedWeight = 0 } }), With(r => r with { Loss = TripleLoss.MaskedOnly }),
            With(r => r with { Start = StudentStart.Random }),
        ];
        Assert.That(all.Select(s => s.SpecKey()), Is.Unique);
        Assert.That((spec with { Name = "another name" }).SpecKey(), Is.EqualTo(spec.SpecKey()));
    }

    [TestCase(0, 6, "0 sequences at once")]
    [TestCase(5, 6, "5 sequences at once")]
    [TestCase(2, 0, "0 steps")]
    public void Validate_OutOfRange_NamesTheValue(int micro, int steps, string named) => Assert.That(
        () => (_place.Spec().Recipe with { MicroBatch = micro, Steps = steps }).Validate(),
        Throws.TypeOf<ReplicationException>().With.Message.Contains(named));

    private sealed class Stopper(int after, CancellationTokenSource stop) : IRunProgress
    {
        public void Begin(string label, long total, long done, string unit)
        {
        }

        public void Advance(long done, double? loss, double? tokensPerSecond)
        {
            if (done == after)
                stop.Cancel();
        }

        public void Note(string text)
        {
        }

        public void End()
        {
        }
    }
}
