using Replication.CommandLine;
using Replication.Tests.CommandLine;

namespace Replication.Tests.Training.Inference;

public sealed class ClassifierTests
{
    [Test]
    public void ThreeLines_AreThoseOfTheReadme()
    {
        var root = RepositoryRoot.Find();
        var source = File.ReadAllLines(Path.Combine(root, "shared", "Tests", "Training", "Inference", "ClassifierTests.cs"));
        var readme = File.ReadAllLines(Path.Combine(root, "README.md"));

        Assert.That(Between(source, "// README.md:", "// As far as README.md."), Is.EqualTo(Between(readme, "```csharp", "```")).And.Length.EqualTo(3));
    }

    // The lines are README.md's as they stand, so they find the model in the current folder and write to the console.
    [Test, NonParallelizable]
    public void ThreeLines_InAFolderWithAModel_LabelAText()
    {
        using var folder = new TemporaryFolder();
        TinyModel.Write(folder, ["negative", "positive"], "my-model", positions: 128);
        var (before, console, text) = (Environment.CurrentDirectory, Console.Out, new StringWriter());
        try
        {
            Environment.CurrentDirectory = folder.Path;
            Console.SetOut(text);
            ThreeLines();
        }
        finally
        {
            Console.SetOut(console);
            Environment.CurrentDirectory = before;
        }
        Assert.That(text.ToString(), Does.Match(@"^(negative|positive) \d+\D\d ?%\s*$"));
    }

    private static void ThreeLines()
    {
        // README.md:
        using var classifier = Classifier.Open("my-model");
        var prediction = classifier.Predict("A warm and funny film.");
        Console.WriteLine($"{prediction.Label} {prediction.Probabilities.Max():P1}");
        // As far as README.md.
    }

    private static string[] Between(IEnumerable<string> lines, string first, string last) =>
        [.. lines.Select(line => line.Trim()).SkipWhile(line => line != first).Skip(1).TakeWhile(line => line != last)];

    [Test]
    public void Predict_Probabilities_AddUpToOne()
    {
        using var folder = new TemporaryFolder();
        using var classifier = Classifier.Open(TinyModel.Write(folder, ["negative", "positive"]), maxLength: 32);

        Assert.That(classifier.Predict("A good film with songs.").Probabilities.Sum(), Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void Predict_Many_AreTheSameAsOneByOneAndInOrder()
    {
        using var folder = new TemporaryFolder();
        using var classifier = Classifier.Open(TinyModel.Write(folder, ["a", "b", "c"]), maxLength: 16);
        TextInput[] texts = ["good", new("a bad film with songs", "a good film"), "bad bad bad bad bad"];

        var together = classifier.PredictBatch(texts);

        for (var i = 0; i < texts.Length; i++)
            Assert.That(together[i].Probabilities, Is.EqualTo(classifier.Predict(texts[i].First, texts[i].Second).Probabilities).Within(1e-6));
        Assert.That(together[0].Probabilities, Is.Not.EqualTo(together[1].Probabilities).Within(1e-6));
    }

    [Test]
    public void Predict_OneOutput_IsAScore()
    {
        using var folder = new TemporaryFolder();
        using var classifier = Classifier.Open(TinyModel.Write(folder, ["score"]), maxLength: 16);

        var prediction = classifier.Predict("a good film", "a bad film");

        Assert.That(classifier.Labels, Is.Empty);
        Assert.That(prediction.Probabilities, Is.Empty);
        Assert.That(prediction.Score, Is.Not.Null.And.Not.NaN);
    }

    [TestCase(3)]
    [TestCase(33)]
    public void Open_LengthOutOfRange_NamesTheRange(int length)
    {
        using var folder = new TemporaryFolder();
        var path = TinyModel.Write(folder, ["a", "b"]);

        Assert.That(() => Classifier.Open(path, length), Throws.TypeOf<ReplicationException>().With.Message.Contains("from 4 to 32"));
    }
}
