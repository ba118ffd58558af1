using Replication.Bert;
using Replication.Distillation;
using Replication.Glue;

namespace Replication.Tests.Distillation;

/// <summary>Mistakes about a teacher, each told in one sentence.</summary>
public sealed class TeacherGuardTests
{
    private static readonly BertConfig Tiny = new()
    {
        VocabSize = 20, HiddenSize = 8, NumHiddenLayers = 1, NumAttentionHeads = 2, IntermediateSize = 8, MaxPositionEmbeddings = 8,
    };

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("teacher").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("entailment", "not_entailment")]
    [TestCase("ENTAILMENT", "NOT_ENTAILMENT")]
    [TestCase("not entailment", "Entailment")]
    [TestCase("LABEL_0", "LABEL_1")]
    public void Check_LabelsOfTheTask_Passes(params string[] labels) => Assert.That(() => Check(labels), Throws.Nothing);

    [Test]
    public void Check_OtherLabels_SaysBoth() => Assert.That(
        () => Check("no", "yes"),
        Throws.TypeOf<ReplicationException>().With.Message.Contains("no, yes where RTE has entailment, not_entailment"));

    [Test]
    public void Check_TeacherOfATaskWithMoreClasses_IsRefused() => Assert.That(
        () => Check("entailment", "neutral", "contradiction"),
        Throws.TypeOf<ReplicationException>().With.Message.Contains("3 outputs where RTE needs 2"));

    [Test]
    public void Check_PretrainedModel_WasNeverFineTuned()
    {
        using var model = new BertForSequenceClassification(Tiny, 2, seed: 1);
        ModelFolder.Save(model, Teacher, ["LABEL_0", "LABEL_1"], tokenizer: null);
        SafetensorsWriter.Write(
            Path.Combine(Teacher, "model.safetensors"),
            model.named_parameters().Where(p => !p.name.StartsWith("classifier", StringComparison.Ordinal))
                .Select(p => (p.name, (TorchSharp.torch.Tensor)p.parameter)));
        Assert.That(() => TeacherGuard.Check(Teacher, GlueTasks.Rte),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("never fine-tuned"));
    }

    [Test]
    public void CheckVocabulary_OtherWords_IsRefused()
    {
        var (mine, other) = (Path.Combine(_folder, "a.txt"), Path.Combine(_folder, "b.txt"));
        File.WriteAllText(mine, "the\n");
        File.WriteAllText(other, "The\n");
        Assert.That(() => TeacherGuard.CheckVocabulary(mine, mine), Throws.Nothing);
        Assert.That(() => TeacherGuard.CheckVocabulary(mine, other),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("vocabulary"));
    }

    private string Teacher => Path.Combine(_folder, "model");

    private void Check(params string[] labels)
    {
        using var model = new BertForSequenceClassification(Tiny, labels.Length, seed: 1);
        ModelFolder.Save(model, Teacher, labels, tokenizer: null);
        TeacherGuard.Check(Teacher, GlueTasks.Rte);
    }
}
