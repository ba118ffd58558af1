using Replication.Distillation;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.PatientKD.Tests;

/// <summary>A run's key says everything that decides its outcome.</summary>
public sealed class PatientKdSpecTests
{
    private static readonly FineTuneSpec Teacher = new()
    {
        Selection = new TaskSelection { Task = "SST-2" }, BaseModel = "minilm-l6", Recipe = StandardRecipes.SmallTeacher, Seed = 1,
    };

    private static readonly PatientKdSpec Spec = new()
    {
        Selection = new TaskSelection { Task = "SST-2" },
        BaseModel = "minilm-l6",
        StudentLayers = 3,
        Teacher = Teacher,
        Loss = PatientKdLoss.Default with { Beta = 100 },
        Map = PatientLayerMaps.Skip(6, 3),
        Recipe = StandardRecipes.SmallTeacher,
        Seed = 1,
    };

    [Test]
    public void Describe_OtherRateThanTheUsual_NamesIt()
    {
        var (slow, slowTeacher) = (
            Spec with { Recipe = Spec.Recipe with { LearningRate = 2e-5 } },
            Teacher with { Recipe = Teacher.Recipe with { LearningRate = 2e-5 } });
        Assert.That(
            (slow.Describe(), slowTeacher.Describe()),
            Is.EqualTo(
                ("SST-2 PKD-Skip, 3 layers, alpha 0.5, T 10, beta 100, rate 2E-05, seed 1", "SST-2 fine-tuned, rate 2E-05, seed 1")));
        Assert.That(Teacher.Describe(), Is.EqualTo("SST-2 fine-tuned, seed 1"));
    }

    [TestCase(TunedValues.SoftTargets, "tuned, beta 100")]
    [TestCase(TunedValues.All, "tuned")]
    public void Describe_TunedValues_NamesWhatIsNotTuned(TunedValues values, string said)
    {
        var tuned = Spec with { Tuning = new Tuning(Search(Spec), values) };
        Assert.That(tuned.Describe(), Is.EqualTo($"SST-2 PKD-Skip, 3 layers, {said}, seed 1"));
    }

    private static IEnumerable<TestCaseData> Variants()
    {
        PatientKdSpec WithLoss(Func<PatientKdLoss, PatientKdLoss> change) => Spec with { Loss = change(Spec.Loss) };
        TestCaseData Case(string name, PatientKdSpec spec) => new TestCaseData(spec).SetArgDisplayNames(name);
        yield return Case("task", Spec with { Selection = new TaskSelection { Task = "RTE" } });
        yield return Case("rows", Spec with { Selection = Spec.Selection with { Rows = 8000 } });
        yield return Case("held-out share", Spec with { Selection = Spec.Selection with { HoldOut = 0.1 } });
        yield return Case("base model", Spec with { BaseModel = "bert-base-uncased" });
        yield return Case("layers", Spec with { StudentLayers = 2 });
        yield return Case("teacher's seed", Spec with { Teacher = Teacher with { Seed = 2 } });
        yield return Case("map", Spec with { Map = PatientLayerMaps.Last(6, 3) });
        yield return Case("no map", Spec with { Map = null });
        yield return Case("seed", Spec with { Seed = 2 });
        yield return Case("alpha", WithLoss(l => l with { Alpha = 0.7 }));
        yield return Case("beta", WithLoss(l => l with { Beta = 10 }));
        yield return Case("temperature", WithLoss(l => l with { Soft = l.Soft with { Temperature = 5 } }));
        yield return Case("T squared", WithLoss(l => l with { Soft = l.Soft with { TimesTemperatureSquared = false } }));
        yield return Case("soft divergence", WithLoss(l => l with { Soft = l.Soft with { Divergence = SoftDivergence.CrossEntropy } }));
        yield return Case("soft reduction", WithLoss(l => l with { Soft = l.Soft with { Reduction = Reduction.Sum } }));
        yield return Case("hard reduction", WithLoss(l => l with { Hard = Reduction.Sum }));
        yield return Case("patience reduction", WithLoss(l => l with { Patience = l.Patience with { Reduction = Reduction.Sum } }));
        yield return Case("normalisation", WithLoss(l => l with { Patience = l.Patience with { Normalise = false } }));
        yield return Case("data order", Spec with { Recipe = Spec.Recipe with { Order = BatchOrder.Sequential } });
        yield return Case("dropout epochs", Spec with { Recipe = Spec.Recipe with { DropoutEpochs = 1 } });
        yield return Case("tuning", Spec with { Tuning = new Tuning(Search(Spec), TunedValues.All) });
        yield return Case("what tuning takes", Spec with { Tuning = new Tuning(Search(Spec), TunedValues.Beta) });
        yield return Case("points of the search", Spec with { Tuning = new Tuning(Search(Spec, Spec with { Seed = 3 }), TunedValues.All) });
        yield return Case("metric of the search", Spec with { Tuning = new Tuning(Search(Spec) with { Metric = "f1" }, TunedValues.All) });
    }

    [TestCaseSource(nameof(Variants))]
    public void SpecKey_OneSwitchChanged_IsAnother(PatientKdSpec changed) => Assert.That(changed.SpecKey(), Is.Not.EqualTo(Spec.SpecKey()));

    [Test]
    public void SpecKey_OfAllVariants_AreDistinct()
    {
        var keys = Variants().Select(v => ((PatientKdSpec)v.Arguments[0]!).SpecKey()).ToList();
        Assert.That(keys, Is.Unique);
    }

    [Test]
    public void SpecKey_WhichLayersAreKeptOnDisk_DoesNotMatter() =>
        Assert.That((Spec with { KeptTeacherLayers = [1, 2, 3, 4, 5] }).SpecKey(), Is.EqualTo(Spec.SpecKey()));

    [Test]
    public void Needs_TunedFromATeacherThatIsChosen_NamesTeachersAndSearch()
    {
        var teachers = Search(Teacher, Teacher with { Seed = 2 });
        var spec = Spec with { Teacher = teachers, Tuning = new Tuning(Search(Spec), TunedValues.All) };
        Assert.That(spec.Needs(), Has.Count.EqualTo(4));
        Assert.That(spec.Needs()[0], Is.EqualTo(teachers));
        Assert.That(spec.Needs()[^1].Kind, Is.EqualTo("select"));
    }

    [Test]
    public void Apply_ChosenValues_ReplaceOnlyWhatIsAskedFor()
    {
        var chosen = new RunResult { Facts = Tuning.Facts(
            Spec.Loss with { Alpha = 0.2, Beta = 7, Soft = Spec.Loss.Soft with { Temperature = 20 } },
            Spec.Recipe with { LearningRate = 1e-5 }) };
        var (loss, recipe) = new Tuning(Search(Spec), TunedValues.SoftTargets).Apply(chosen, Spec.Loss, Spec.Recipe);
        Assert.That((loss.Alpha, loss.Soft.Temperature, loss.Beta, recipe.LearningRate), Is.EqualTo((0.2, 20.0, 100.0, 5e-5)));
        (loss, recipe) = new Tuning(Search(Spec), TunedValues.All).Apply(chosen, Spec.Loss, Spec.Recipe);
        Assert.That((loss.Alpha, loss.Soft.Temperature, loss.Beta, recipe.LearningRate), Is.EqualTo((0.2, 20.0, 7.0, 1e-5)));
    }

    private static SelectionSpec Search(params RunSpec[] candidates) =>
        new() { Name = "search", Candidates = candidates, Split = "dev", Metric = "accuracy" };
}
