using Replication.Training;

namespace Replication.Tests.Training;

public sealed class RecipeFileTests
{
    [Test]
    public void Read_SomeKeys_LeavesTheRestAtTheirDefaults() => Assert.That(
        Read("""{ "learningRate": 2e-5, "optimizer": "BertAdam", "maxGradNorm": null }"""),
        Is.EqualTo(new TrainingRecipe { LearningRate = 2e-5, Optimizer = OptimizerKind.BertAdam, MaxGradNorm = null }));

    [Test]
    public void Read_LaterKeys_AreKnown() => Assert.That(
        Read("""{ "keepsBest": true, "skipsShortBatch": true, "padsToMaxLength": true, "evaluationInterval": 100 }"""),
        Is.EqualTo(new TrainingRecipe { KeepsBest = true, SkipsShortBatch = true, PadsToMaxLength = true, EvaluationInterval = 100 }));

    [TestCase("""{ "learningrate": 2e-5 }""", "has no key 'learningrate'", "Did you mean 'learningRate'?")]
    [TestCase("""{ "padsToMaxLength": 1 }""", "the value of 'padsToMaxLength' cannot be used", "")]
    [TestCase("""{ "epochs": "three" }""", "the value of 'epochs' cannot be used", "")]
    [TestCase("""{ "optimizer": "Adam" }""", "the value of 'optimizer' cannot be used", "")]
    [TestCase("""{ "order": 1 }""", "the value of 'order' cannot be used", "")]
    [TestCase("""{ "epsilon": "Infinity" }""", "epsilon is Infinity; it must be above 0 and below 1", "")]
    [TestCase("""{ "maxGradNorm": "Infinity" }""", "max gradient norm is Infinity", "")]
    [TestCase("""{ "epochs": 0 }""", "epochs is 0; it must be from 1 to 1000", "")]
    [TestCase("""{ "epochs": 1, "epochs": 2 }""", "line 1: not the JSON that was expected", "")]
    [TestCase("""{ "epochs": 1 """, "line 1: not the JSON that was expected", "")]
    public void Read_Mistake_IsNamed(string text, string what, string suggestion) => Assert.That(
        Assert.Throws<ReplicationException>(() => Read(text))!.Message, Does.Contain(what).And.Contain(suggestion));

    [Test]
    public void Read_Folder_IsNamed()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => RecipeFile.Read(folder.Path),
            Throws.TypeOf<ReplicationException>().With.Message.StartsWith($"Cannot read {folder.Path}: "));
    }

    private static TrainingRecipe Read(string text)
    {
        using var folder = new TemporaryFolder();
        return RecipeFile.Read(folder.Write("recipe.json", text));
    }
}
