using Replication.Bert;
using Replication.Corpus;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.DistilBERT.Tests;

/// <summary>Mistakes about teacher and text: one sentence, when the inputs are looked up and so before any run of a plan begins.</summary>
[Category("Slow")]
public sealed class BadInputTests
{
    private TinyWorkplace _place = null!;

    [SetUp]
    public void MakePlace() => _place = new TinyWorkplace();

    [TearDown]
    public void ClearPlace() => _place.Dispose();

    [Test]
    public void Inputs_TeacherWithoutPredictionHead_AreRefused()
    {
        _place.ReplaceTeacher(vocabulary =>
        {
            using var classifier = new BertForSequenceClassification(TinyPair.Config, 2, seed: 1);
            ModelFolder.Save(classifier, _place.Teacher, ["a", "b"], vocabulary);
        });
        AssertRefused(_place.Spec(), "has no prediction head");
    }

    [Test]
    public void Inputs_TeacherOfOddDepth_AreRefused()
    {
        _place.ReplaceTeacher(vocabulary =>
        {
            using var odd = new BertForMaskedLM(TinyPair.Config with { NumHiddenLayers = 3 }, seed: 1);
            ModelFolder.Save(odd, _place.Teacher, vocabulary);
        });
        AssertRefused(_place.Spec(), "has 3 layers, which cannot be halved");
    }

    [Test]
    public void Inputs_VocabularyOfAnotherModel_AreRefused()
    {
        File.AppendAllText(Path.Combine(_place.Teacher, "vocab.txt"), "more\n");
        AssertRefused(_place.Spec(), "has 61 words where its model has 60");
    }

    [TestCase("")]
    [TestCase("\n \n\t\n")]
    public void Inputs_TextWithNothingInIt_AreRefused(string text)
    {
        File.WriteAllText(_place.Text, text);
        AssertRefused(_place.Spec(), "is empty");
    }

    [Test]
    public void Inputs_TextThatIsNotThere_AreRefused()
    {
        File.Delete(_place.Text);
        AssertRefused(_place.Spec(), "There is no corpus");
    }

    [Test]
    public void Inputs_PaperProfileWithoutText_AreRefused()
    {
        var spec = new Pipeline(DistilBertProfile.Of(new ExperimentRequest { Profile = Profile.Paper, Teacher = _place.Teacher }))
            .Pretraining();
        AssertRefused(spec, "--corpus FILE");
        Assert.That(
            Assert.Throws<ReplicationException>(() => spec.Inputs(_place.Workspace))!.ExitCode,
            Is.EqualTo(ReplicationException.UsageError));
    }

    [Test]
    public void Inputs_TextShorterThanABatch_AreRefused()
    {
        File.WriteAllText(_place.Text, "waa wab\n");
        AssertRefused(_place.Spec(), "fewer than one batch of 4");
    }

    // One tokenised task serves both.
    [Test]
    public void Execute_TaskTeacherWithOtherVocabulary_IsRefused()
    {
        var other = Path.Combine(_place.Workspace.Root, "other");
        using (var teacher = new BertForMaskedLM(TinyPair.Config, seed: 1))
        {
            var vocabulary = _place.Text + ".vocab";
            File.WriteAllLines(vocabulary, File.ReadAllLines(Path.Combine(_place.Teacher, "vocab.txt")).SkipLast(1).Append("another"));
            ModelFolder.Save(teacher, other, vocabulary);
        }
        var rows = new TaskSelection { Task = "SST-2", Rows = 16 };
        var recipe = new TrainingRecipe { BatchSize = 8, Epochs = 1, MaxLength = 16 };
        var error = Assert.Throws<ReplicationException>(() => _place.Run(new StudentFineTuneSpec
        {
            Selection = rows, Student = _place.Spec(steps: 1), BaseModel = _place.Teacher, Recipe = recipe, Seed = 1,
            TaskTeacher = new FineTuneSpec { Selection = rows, BaseModel = other, Recipe = recipe, Seed = 1 },
        }))!;
        Assert.That(error.Message, Does.Contain("same vocabulary"));
        Assert.That(Sentences(error), Is.EqualTo(1));
    }

    private void AssertRefused(RunSpec spec, string reason)
    {
        var error = Assert.Throws<ReplicationException>(() => spec.Inputs(_place.Workspace))!;
        Assert.That(error.Message, Does.Contain(reason));
        Assert.That(Sentences(error), Is.EqualTo(1));
    }

    private static int Sentences(Exception error) => error.Message.Split(". ").Length;
}
