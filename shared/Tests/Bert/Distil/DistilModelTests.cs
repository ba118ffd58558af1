using Replication.Bert;
using Replication.Bert.Distil;
using static TorchSharp.torch;

namespace Replication.Tests.Bert.Distil;

/// <summary>DistilBERT in folders of this project's own making, and its first weights from BERT.</summary>
public sealed class DistilModelTests
{
    private static readonly BertConfig Teacher = new()
    {
        VocabSize = 50, HiddenSize = 24, NumHiddenLayers = 12, NumAttentionHeads = 3, IntermediateSize = 40, MaxPositionEmbeddings = 16,
    };

    [TestCase(StudentStart.EverySecond, 12, new[] { 0, 2, 4, 6, 8, 10 })]
    [TestCase(StudentStart.OfficialCode, 12, new[] { 0, 2, 4, 7, 9, 11 })]
    [TestCase(StudentStart.EverySecond, 6, new[] { 0, 2, 4 })]
    [TestCase(StudentStart.OfficialCode, 6, new[] { 0, 2, 5 })]
    [TestCase(StudentStart.Random, 12, new int[0])]
    public void TeacherLayers_OfAStart_AreThese(StudentStart start, int depth, int[] layers) =>
        Assert.That(TeacherLayers.Of(start, depth), Is.EqualTo(layers));

    [Test]
    public void TeacherLayers_OddDepth_IsRefused() => Assert.That(
        () => TeacherLayers.Of(StudentStart.EverySecond, 5), Throws.TypeOf<ReplicationException>().With.Message.Contains("5 layers"));

    [TestCase(StudentStart.EverySecond)]
    [TestCase(StudentStart.OfficialCode)]
    public void Create_FromATeacher_HasItsWeights(StudentStart start)
    {
        using var teacher = new BertForMaskedLM(Teacher, seed: 1);
        using var student = DistilStudent.Create(teacher, start, seed: 2);
        var chosen = TeacherLayers.Of(start, 12);
        Assert.Multiple(() =>
        {
            foreach (var name in new[] {
                "bert.embeddings.word_embeddings.weight", "bert.embeddings.position_embeddings.weight",
                "cls.predictions.transform.dense.weight", "cls.predictions.bias" })
                Assert.That(Same(student, name, teacher, name), Is.True, name);
            for (var i = 0; i < 6; i++)
                Assert.That(Same(
                    student, $"bert.encoder.layer.{i}.output.dense.weight", teacher, $"bert.encoder.layer.{chosen[i]}.output.dense.weight"),
                    Is.True, $"layer {i}");
            Assert.That(student.named_parameters().Select(p => p.name), Has.None.Contains("token_type").And.None.Contains("pooler"));
        });
    }

    [Test]
    public void Create_WithoutTransform_DrawsItAndNothingElse()
    {
        using var teacher = new BertForMaskedLM(Teacher, seed: 1);
        using var student = DistilStudent.Create(teacher, StudentStart.OfficialCode, copyTransform: false, seed: 2);
        Assert.That(Same(student, "cls.predictions.transform.dense.weight", teacher, "cls.predictions.transform.dense.weight"), Is.False);
        Assert.That(Same(
            student, "bert.encoder.layer.0.attention.self.query.weight", teacher, "bert.encoder.layer.0.attention.self.query.weight"),
            Is.True);
    }

    [Test]
    public void Create_Random_SharesNoWeightMatrixWithTheTeacher()
    {
        using var teacher = new BertForMaskedLM(Teacher, seed: 1);
        using var student = DistilStudent.Create(teacher, StudentStart.Random, seed: 2);
        Assert.That(Same(student, "bert.embeddings.word_embeddings.weight", teacher, "bert.embeddings.word_embeddings.weight"), Is.False);
    }

    [Test]
    public void Convert_AFolder_WritesAModelThatOpensAgain()
    {
        var folder = TestFolder.Create();
        using (var teacher = new BertForMaskedLM(Teacher, seed: 1))
            ModelFolder.Save(teacher, Path.Combine(folder, "bert"), null);

        DistilStudent.Convert(Path.Combine(folder, "bert"), Path.Combine(folder, "distil"), StudentStart.EverySecond);

        using var student = ModelFolder.OpenMaskedLM(Path.Combine(folder, "distil"));
        Assert.That(student.Config, Is.EqualTo(Teacher.ToDistil(6)));
        using var tuned = ModelFolder.OpenClassifier(Path.Combine(folder, "distil"), outputs: 2, newClassifier: true, seed: 3);
        Assert.That(Same(tuned, "bert.embeddings.word_embeddings.weight", student, "bert.embeddings.word_embeddings.weight"), Is.True);
        Assert.That(tuned.get_parameter("pre_classifier.bias")!.abs().max().item<float>(), Is.Zero, "drawn, not read");
    }

    [Test]
    public void OpenTeacher_AClassifier_SaysThatThePredictionHeadIsMissing()
    {
        var folder = TestFolder.Create();
        using (var classifier = new BertForSequenceClassification(Teacher, 2, seed: 1))
            ModelFolder.Save(classifier, Path.Combine(folder, "tuned"), ["a", "b"], null);
        Assert.That(
            () => DistilStudent.OpenTeacher(Path.Combine(folder, "tuned")),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("no prediction head").And.Message.Contains(folder));
    }

    [Test]
    public void OpenClassifier_TensorMissing_IsNamedAsInTheFile()
    {
        using var scope = NewDisposeScope();
        var folder = Path.Combine(TestFolder.Create(), "model");
        using (var model = new BertForSequenceClassification(Teacher.ToDistil(2), 2, seed: 5))
            ModelFolder.Save(model, folder, ["a", "b"], null);
        var path = Path.Combine(folder, "model.safetensors");
        const string name = "distilbert.transformer.layer.1.ffn.lin2.bias";
        var tensors = GoldenModel.Read(path);
        SafetensorsWriter.Write(path, tensors.Where(t => t.Key != name).Select(t => (t.Key, t.Value)));

        Assert.That(() => ModelFolder.OpenClassifier(folder, 2), Throws.TypeOf<ReplicationException>().With.Message.Contains(name));
    }

    [Test]
    public void OpenClassifier_ConfigOfDistil_NamesItsOwnKey()
    {
        var folder = Path.Combine(TestFolder.Create(), "model");
        using (var model = new BertForSequenceClassification(Teacher.ToDistil(2), 2, seed: 5))
            ModelFolder.Save(model, folder, ["a", "b"], null);
        var path = Path.Combine(folder, "config.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"n_heads\": 3", "\"n_heads\": 5", StringComparison.Ordinal));

        Assert.That(() => ModelFolder.OpenClassifier(folder, 2),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("dim is 24").And.Message.Contains("n_heads"));
    }

    // The count that DistilBERT's authors round to 66 million.
    [Test]
    public void Parameters_OfBaseGeometry_AreTheModels()
    {
        var config = BertConfig.Base.ToDistil(6);
        Assert.That(ModelSize.Parameters(config, pooler: false), Is.EqualTo(66_362_880));
        using var tiny = new BertForSequenceClassification(Teacher.ToDistil(2), 2, seed: 5);
        var head = (24 * 24) + 24 + (24 * 2) + 2;
        Assert.That(tiny.parameters().Sum(p => p.numel()), Is.EqualTo(ModelSize.Parameters(Teacher.ToDistil(2), pooler: false) + head));
    }

    private static bool Same(nn.Module one, string name, nn.Module other, string otherName) =>
        GoldenModel.AreEqual(one.get_parameter(name)!, other.get_parameter(otherName)!);
}
