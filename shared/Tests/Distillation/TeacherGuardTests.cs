using Replication.Distillation;
using Replication.Glue;

namespace Replication.Tests.Distillation;

/// <summary>Mistakes about a teacher, each told in one sentence.</summary>
public sealed class TeacherGuardTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("teacher").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("""{"0": "entailment", "1": "not_entailment"}""")]
    [TestCase("""{"1": "NOT_ENTAILMENT", "0": "ENTAILMENT"}""")]
    [TestCase("""{"0": "LABEL_0", "1": "LABEL_1"}""")]
    public void Check_LabelsOfTheTask_Passes(string labels) => Assert.That(() => Check(labels), Throws.Nothing);

    [Test]
    public void Check_LabelsInAnotherOrder_SaysBothOrders() => Assert.That(
        () => Check("""{"0": "not_entailment", "1": "entailment"}"""),
        Throws.TypeOf<ReplicationException>().With.Message.Contains("not_entailment, entailment where RTE has entailment, not_entailment"));

    [Test]
    public void Check_TeacherOfATaskWithMoreClasses_IsRefused() => Assert.That(
        () => Check("""{"0": "entailment", "1": "neutral", "2": "contradiction"}"""),
        Throws.TypeOf<ReplicationException>().With.Message.Contains("3 outputs where RTE needs 2"));

    [Test]
    public void Check_PretrainedModel_WasNeverFineTuned() => Assert.That(
        () => Check("""{"0": "LABEL_0", "1": "LABEL_1"}""", "BertForPreTraining"),
        Throws.TypeOf<ReplicationException>().With.Message.Contains("never fine-tuned"));

    [Test]
    public void Check_FolderWithoutConfig_IsRefused() => Assert.That(
        () => TeacherGuard.Check(_folder, GlueTasks.Rte), Throws.TypeOf<ReplicationException>().With.Message.Contains("config.json"));

    [Test]
    public void CheckVocabulary_OtherWords_IsRefused()
    {
        var (mine, other) = (Path.Combine(_folder, "a.txt"), Path.Combine(_folder, "b.txt"));
        File.WriteAllText(mine, "the\n");
        File.WriteAllText(other, "The\n");
        Assert.That(() => TeacherGuard.CheckVocabulary(mine, mine), Throws.Nothing);
        Assert.That(() => TeacherGuard.CheckVocabulary(mine, other), Throws.TypeOf<ReplicationException>().With.Message.Contains("vocabulary"));
    }

    private void Check(string labels, string architecture = "BertForSequenceClassification")
    {
        File.WriteAllText(Path.Combine(_folder, "config.json"), $$"""{"architectures": ["{{architecture}}"], "id2label": {{labels}}}""");
        TeacherGuard.Check(_folder, GlueTasks.Rte);
    }
}
