using Replication.Bert;
using Replication.Distillation;
using Replication.Glue;
using Replication.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Replication.PatientKD.Tests;

/// <summary>The objective on a tiny student and teacher.</summary>
public sealed class PatientKdObjectiveTests
{
    private static readonly BertConfig TeacherConfig = new()
    {
        VocabSize = 60, HiddenSize = 16, NumHiddenLayers = 4, NumAttentionHeads = 2, IntermediateSize = 32, MaxPositionEmbeddings = 16,
    };

    private static readonly int[] Kept = [1, 2, 3];

    private string _folder = "";
    private TeacherOutputs _outputs = null!;

    [SetUp]
    public void ComputeTeacherOutputs()
    {
        _folder = Directory.CreateTempSubdirectory("patient-kd").FullName;
        _outputs = TeacherOutputs.OpenOrCompute(
            _folder, "tiny", () => new BertForSequenceClassification(TeacherConfig, 2, seed: 9), Rows(), Kept, CPU, new FileDigests(),
            new Processor("a processor", []), null, null, default);
    }

    [TearDown]
    public void DeleteFolder()
    {
        _outputs.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void ForwardBackward_AlphaAndBetaZero_IsFineTuningBitForBit()
    {
        var (distilled, tuned) = (Student(), Student());
        var loss = PatientKdLoss.Default with { Alpha = 0, Beta = 0 };
        var objective = new PatientKdObjective(distilled, _outputs, Kept, loss, PatientLayerMaps.Skip(4, 2));
        var report = objective.ForwardBackward(Batch());
        var expected = new FineTuneObjective(tuned).ForwardBackward(Batch());
        Assert.That(report.Total, Is.EqualTo(expected.Total));
        Assert.That(Gradients(distilled), Is.EqualTo(Gradients(tuned)));
    }

    [Test]
    public void ForwardBackward_AllTerms_AddUpWithTheirWeights()
    {
        var loss = PatientKdLoss.Default with { Alpha = 0.3, Beta = 50 };
        var report = new PatientKdObjective(Student(), _outputs, Kept, loss, PatientLayerMaps.Skip(4, 2)).ForwardBackward(Batch());
        Assert.That(report.Terms.Keys, Is.EqualTo(new[] { "L_CE", "L_DS", "L_PT" }));
        Assert.That(
            report.Total,
            Is.EqualTo((0.7 * report.Terms["L_CE"]) + (0.3 * report.Terms["L_DS"]) + (50 * report.Terms["L_PT"])).Within(1e-5));
    }

    [Test]
    public void ForwardBackward_PatienceAlone_ReachesNoLayerAboveTheMappedOnes()
    {
        var student = Student();
        new PatientKdObjective(student, _outputs, Kept, PatientKdLoss.Default with { Alpha = 1, Beta = 1e6 }, PatientLayerMaps.Skip(4, 2))
            .ForwardBackward(Batch());
        var withPatience = Gradient(student, "bert.encoder.layer.0.output.dense.weight");
        var last = Gradient(student, "bert.encoder.layer.1.output.dense.weight");
        var plain = Student();
        new PatientKdObjective(plain, _outputs, Kept, PatientKdLoss.Default with { Alpha = 1, Beta = 0 }, null).ForwardBackward(Batch());
        Assert.That(Gradient(plain, "bert.encoder.layer.0.output.dense.weight"), Is.Not.EqualTo(withPatience));
        Assert.That(Gradient(plain, "bert.encoder.layer.1.output.dense.weight"), Is.EqualTo(last));
    }

    [Test]
    public void ForwardBackward_StudentIsTheTeachersCopy_HasNoSoftAndNoPatienceLoss()
    {
        using var copy = new BertForSequenceClassification(TeacherConfig, 2, seed: 9);
        var map = new LayerMap("identity", [.. Kept.Select(layer => new LayerPair(layer, layer))]);
        var report = new PatientKdObjective(copy, _outputs, Kept, PatientKdLoss.Default with { Alpha = 0.5, Beta = 1 }, map)
            .ForwardBackward(Batch());
        Assert.That(report.Terms["L_DS"], Is.Zero.Within(1e-5));
        Assert.That(report.Terms["L_PT"], Is.Zero.Within(1e-6));
    }

    [Test]
    public void Constructor_LayerThatWasNotKept_NamesIt()
    {
        var map = new LayerMap("far", [new LayerPair(1, 4)]);
        Assert.That(
            () => new PatientKdObjective(Student(), _outputs, [1, 2, 5], PatientKdLoss.Default with { Beta = 1 }, map),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("no [CLS] states of layer 4"));
    }

    [Test]
    public void Constructor_StudentLayerOutOfRange_NamesIt()
    {
        var map = new LayerMap("deep", [new LayerPair(3, 2)]);
        Assert.That(
            () => new PatientKdObjective(Student(), _outputs, Kept, PatientKdLoss.Default with { Beta = 1 }, map),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("student layer 3 is out of range"));
    }

    [Test]
    public void Constructor_BetaWithoutMap_IsRefused() => Assert.That(
        () => new PatientKdObjective(Student(), _outputs, Kept, PatientKdLoss.Default with { Beta = 1 }, null),
        Throws.TypeOf<ReplicationException>().With.Message.Contains("no layer map"));

    private static BertForSequenceClassification Student()
    {
        var student = new BertForSequenceClassification(TeacherConfig with { NumHiddenLayers = 2 }, 2, seed: 3);
        student.train();
        return student;
    }

    private static GlueBatch Batch() => GlueBatch.Collate(Rows(), [4, 0, 7, 2], CPU);

    private static EncodedDataset Rows() => new(
        GlueTasks.Sst2,
        [.. Enumerable.Range(0, 8).Select(row => new EncodedExample(row, [2, 10 + row, 20 + (3 * row), 30, 3], 5, row % 2))],
        "eight rows");

    private static string[] Gradients(BertForSequenceClassification model) =>
        [.. model.named_parameters().Select(p => $"{p.name} {(p.parameter.grad is { } g ? Convert.ToHexString(g.bytes) : "none")}")];

    private static string Gradient(BertForSequenceClassification model, string name) =>
        Convert.ToHexString(model.named_parameters().Single(p => p.name == name).parameter.grad!.bytes);
}
