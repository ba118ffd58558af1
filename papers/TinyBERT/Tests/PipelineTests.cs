using Replication.Augmentation;
using Replication.Bert;
using Replication.Corpus;
using Replication.Distillation;
using Replication.Runs;
using Replication.Tests.Studies;
using Replication.Training;

namespace Replication.TinyBERT.Tests;

/// <summary>The whole pipeline on a tiny teacher and a tiny task, and what an interruption does to it.</summary>
[TestFixture]
[Category("Slow")]
internal sealed class PipelineTests
{
    private TinyPipeline _tiny = null!;

    [SetUp]
    public void Prepare() => _tiny = new TinyPipeline(layers: 4, heads: 2, initializerRange: 0.02);

    [TearDown]
    public void CleanUp() => _tiny.Dispose();

    [Test]
    public void Prediction_WholePipeline_EndsInAScoredClassifier()
    {
        var spec = Prediction();
        var run = TinyPipeline.Execute(_tiny.Workspace("runs"), spec);
        Assert.That(run.Result.Scores["dev"]["accuracy"], Is.InRange(0, 1));
        Assert.That(run.Result.Facts["training rows"], Is.EqualTo(40 * 3));
        Assert.That(ModelFolder.ReadConfig(run.ModelFolder).NumHiddenLayers, Is.EqualTo(2));
    }

    [Test]
    public void IntermediateStep_FirstSeed_KeepsASampleOfBothAttentions()
    {
        var run = TinyPipeline.Execute(_tiny.Workspace("runs"), Intermediate());
        var sample = AttentionSample.Read(run, TinyLayerMaps.Of(MapStrategy.Uniform, 4, 2))!;
        Assert.That(sample.Pieces, Has.Count.InRange(6, 16));
        Assert.That(sample.Pieces[0], Is.EqualTo("[CLS]"));
        Assert.That(sample.Layers.Select(l => (l.StudentLayer, l.TeacherLayer)), Is.EqualTo(((int, int)[])[(1, 2), (2, 4)]));
        var rows = sample.Layers.SelectMany(l => l.Student.Concat(l.Teacher)).ToList();
        Assert.That(rows, Has.Count.EqualTo(4 * sample.Pieces.Count));
        Assert.That(rows.Select(row => row.Sum()), Has.All.EqualTo(1).Within(1e-3));
    }

    [Test]
    public void Prediction_OfficialStudent_KeepsItsReluInTheFolder()
    {
        var spec =
            Prediction() with { Start = null, Augmentation = null, Student = General().Student with { ReluBeforeClassifier = true } };
        Assert.That(ModelFolder.ReadConfig(TinyPipeline.Execute(_tiny.Workspace("runs"), spec).ModelFolder).ReluBeforeClassifier, Is.True);
    }

    [Test]
    public void Prediction_AuthorsForm_RunsAndEndsWithTheSameBytesAfterAStop()
    {
        var spec = Official();
        var straight = TinyPipeline.Execute(_tiny.Workspace("straight"), spec);
        var stopped = _tiny.Workspace("stopped");
        var resumed = TinyPipeline.ExecuteStopped(stopped, spec, stopAt: 4);
        Assert.That(resumed.Manifest.Files["model/model.safetensors"], Is.EqualTo(straight.Manifest.Files["model/model.safetensors"]));
        var plain = TinyPipeline.Execute(stopped, spec with { TeacherDropout = false });
        Assert.That(plain.Manifest.Files["model/model.safetensors"], Is.Not.EqualTo(straight.Manifest.Files["model/model.safetensors"]));
    }

    [Test]
    public void Prediction_RecipeOfASearch_TrainsTheChoiceOnAllRowsAndTheSearchOnFewer()
    {
        var rows = Selection with { HoldOut = 0.25 };
        var augmentation = Augmentation() with { Selection = rows };
        var inner = Intermediate() with { Selection = rows, Augmentation = augmentation };
        var search = new SelectionSpec
        {
            Name = "epochs", Split = "held-out", Metric = "accuracy",
            Candidates = [.. ((int[])[1, 2]).Select(epochs => Prediction() with
            {
                Selection = rows, Start = inner, Augmentation = augmentation, Recipe = Recipe with { Epochs = epochs },
            })],
        };
        var place = _tiny.Workspace("runs");
        var run = TinyPipeline.Execute(place, Prediction() with { RecipeOf = search });
        var found = TinyPipeline.Execute(place, search).Result;
        var chosen = (PredictionSpec)search.ChosenBy(found);
        var plain = TinyPipeline.Execute(place, Prediction() with { Recipe = chosen.Recipe });
        Assert.That(found.Facts["training rows"], Is.EqualTo(30 * 3));
        Assert.That(run.Result.Facts["training rows"], Is.EqualTo(40 * 3));
        Assert.That(run.Manifest.Files["model/model.safetensors"], Is.EqualTo(plain.Manifest.Files["model/model.safetensors"]));
        Assert.That(run.Result.Scores.Keys, Is.EqualTo((string[])["dev"]));
    }

    [Test]
    public void GeneralDistillation_Stopped_EndsWithTheSameBytes()
    {
        var straight = TinyPipeline.Execute(_tiny.Workspace("straight"), General());
        var stopped = _tiny.Workspace("stopped");
        var resumed = TinyPipeline.ExecuteStopped(stopped, General(), stopAt: 5);
        Assert.That(resumed.Manifest.Resumes, Is.EqualTo(1));
        Assert.That(resumed.Manifest.Files, Is.EquivalentTo(straight.Manifest.Files));
    }

    [Test]
    public void IntermediateStep_Stopped_EndsWithTheSameBytes()
    {
        var straight = TinyPipeline.Execute(_tiny.Workspace("straight"), Intermediate());
        var stopped = _tiny.Workspace("stopped");
        var resumed = TinyPipeline.ExecuteStopped(stopped, Intermediate(), stopAt: 4);
        Assert.That(resumed.Manifest.Files["model/model.safetensors"], Is.EqualTo(straight.Manifest.Files["model/model.safetensors"]));
    }

    [Test]
    public void GeneralDistillation_Trained_LowersItsLoss()
    {
        var run = TinyPipeline.Execute(_tiny.Workspace("runs"), General() with { Recipe = General().Recipe with { MaxSteps = 60 } });
        var first = System.Text.Json.JsonDocument.Parse(
            File.ReadLines(Path.Combine(run.Path, MetricsWriter.FileName)).First()).RootElement.GetProperty("loss").GetDouble();
        Assert.That(run.Result.Facts["loss"], Is.LessThan(0.8 * first));
    }

    [Test]
    public void Inputs_OtherNumberOfHeads_IsRefusedBeforeAnythingIsTrained() => Assert.That(
        () => (General() with { Student = new Student(2, 9, 16, 3) }).Inputs(_tiny.Workspace("runs")),
        Throws.InstanceOf<ReplicationException>().With.Message.Contains("3 attention heads"));

    [Test]
    public void Inputs_NoCorpusNamed_SaysWhichOptionNamesOne() => Assert.That(
        () => (General() with { Corpus = CorpusSource.OfUser(null) }).Inputs(_tiny.Workspace("runs")),
        Throws.InstanceOf<ReplicationException>().With.Message.Contains("--corpus"));

    [Test]
    public void Inputs_CorpusThatFillsNoBatch_IsRefusedBeforeAnythingIsTrained() => Assert.That(
        () => (General() with { Recipe = Recipe with { BatchSize = 64 } }).Inputs(_tiny.Workspace("runs")),
        Throws.InstanceOf<ReplicationException>().With.Message.Contains("fewer than one batch of 64"));

    private static IEnumerable<TestCaseData> BadCorpora()
    {
        yield return new TestCaseData(Array.Empty<byte>(), "is empty").SetArgDisplayNames("empty");
        yield return new TestCaseData("\n\n \n"u8.ToArray(), "is empty").SetArgDisplayNames("blank lines");
        yield return new TestCaseData(Enumerable.Repeat((byte)'a', 10_000_000).ToArray(), "line 1: longer than")
            .SetArgDisplayNames("a line of 10 MB");
        yield return new TestCaseData((byte[])[.. "good\nbad "u8, 0xC3, 0x28], "line 2, byte 5 (0xC3): not UTF-8")
            .SetArgDisplayNames("invalid UTF-8");
    }

    [TestCaseSource(nameof(BadCorpora))]
    public void Inputs_CorpusThatCannotBeUsed_IsRefusedBeforeAnythingIsTrained(byte[] text, string message)
    {
        File.WriteAllBytes(_tiny.Text, text);
        Assert.That(
            () => General().Inputs(_tiny.Workspace("runs")), Throws.InstanceOf<ReplicationException>().With.Message.Contains(message));
    }

    [Test]
    public void Inputs_HeadsThatDoNotDivideTheSize_AreRefusedBeforeAnythingIsTrained() => Assert.That(
        () => (Intermediate() with { Student = new Student(2, 9, 16, 2) }).Inputs(_tiny.Workspace("runs")),
        Throws.InstanceOf<ReplicationException>().With.Message.Contains("9 cannot be shared by 2 heads"));

    [Test]
    public void AugmentationInputs_ShortLineOfWordVectors_IsRefusedBeforeAnythingIsTrained()
    {
        var file = _tiny.PathOf("glove.txt");
        File.WriteAllText(file, "aa 1 2\nbb 1\n");
        Assert.That(
            () => (Augmentation() with { Glove = GloveSource.OfUser(file) }).Inputs(_tiny.Workspace("runs")),
            Throws.InstanceOf<ReplicationException>().With.Message.Contains("glove.txt, line 2"));
    }

    [Test]
    public void AugmentationInputs_ModelWithoutHead_IsRefusedBeforeAnythingIsTrained()
    {
        var folder = _tiny.PathOf("headless");
        using (var model = new BertForSequenceClassification(ModelFolder.ReadConfig(Teacher), 2, 1))
            ModelFolder.Save(model, folder, ["a", "b"], Path.Combine(Teacher, "vocab.txt"));
        Assert.That(
            () => (Augmentation() with { Model = folder }).Inputs(_tiny.Workspace("runs")),
            Throws.InstanceOf<ReplicationException>().With.Message.Contains(
                "no masked-language-model head").And.Message.Contains("--teacher"));
    }

    private string Teacher => _tiny.Base;

    private static TrainingRecipe Recipe => new() { LearningRate = 2e-3, BatchSize = 8, Epochs = 1, MaxLength = 16 };

    private static TaskSelection Selection => new() { Task = "SST-2" };

    private FineTuneSpec TeacherSpec => new() { Selection = Selection, BaseModel = Teacher, Recipe = Recipe, Seed = 1 };

    private GeneralDistillationSpec General() => new()
    {
        Teacher = Teacher, Student = new Student(2, 8, 16, 2), Corpus = CorpusSource.OfUser(_tiny.Text),
        Method = TransformerDistillation.Paper, Recipe = Recipe with { MaxSteps = 12 }, Seed = 1,
    };

    private AugmentationSpec Augmentation() =>
        new() { Selection = Selection, Model = Teacher, Settings = new AugmentationSettings { RowsPerRow = 2, Candidates = 5 },
            MaxLength = 16, Seed = 1 };

    private IntermediateSpec Intermediate() => new()
    {
        Selection = Selection, Teacher = TeacherSpec, Student = General().Student, General = General(), Augmentation = Augmentation(),
        Method = TransformerDistillation.Paper, Recipe = Recipe, Seed = 1,
    };

    private PredictionSpec Official()
    {
        var (form, student) = (Switches.OfficialCode, General().Student with { ReluBeforeClassifier = true });
        var general = General() with { Student = student, Method = form.Method, Recipe = form.General(General().Recipe) };
        var inner = Intermediate() with { Student = student, General = general, Method = form.Method, Recipe = form.Intermediate(Recipe) };
        return Prediction() with { Student = student, Start = inner, TeacherDropout = true, Recipe = form.Prediction(Recipe) };
    }

    private PredictionSpec Prediction() => new()
    {
        Selection = Selection, Teacher = TeacherSpec, Student = General().Student, Start = Intermediate(), Augmentation = Augmentation(),
        Target = PredictionTarget.Teacher, Recipe = Recipe, Seed = 1,
    };
}
