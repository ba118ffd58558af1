using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Glue;
using Replication.Training;
using static TorchSharp.torch;

namespace Replication.DynaBERT.Tests;

/// <summary>The objective on a tiny network.</summary>
public sealed class DynaBertObjectiveTests
{
    private static readonly BertConfig Config = new()
    {
        VocabSize = 60, HiddenSize = 16, NumHiddenLayers = 4, NumAttentionHeads = 4, IntermediateSize = 32, MaxPositionEmbeddings = 16,
        InitializerRange = 0.2,
    };

    private static IReadOnlyList<SubNetwork> Parts => SubNetwork.Grid(Config, DynaBertProfile.Widths, DynaBertProfile.Depths);

    [OneTimeSetUp]
    public void UseOneThread() => set_num_threads(1);

    [Test]
    public void ForwardBackward_WholeNetworkOnLabels_IsFineTuningBitForBit()
    {
        using var scope = NewDisposeScope();
        var (network, tuned) = (Network(3), Network(3));
        var report = new DynaBertObjective(network, [SubNetwork.Of(Config, 1, 1)], DepthRule.Paper, null, null).ForwardBackward(Batch());
        var expected = new FineTuneObjective(tuned).ForwardBackward(Batch());
        Assert.That(report.Total, Is.EqualTo(expected.Total));
        Assert.That(Gradients(network), Is.EqualTo(Gradients(tuned)));
    }

    [Test]
    public void ForwardBackward_TwelveSubNetworks_IsTheSumOfEachAlone()
    {
        using var scope = NewDisposeScope();
        var (together, apart) = (Network(3), Network(3));
        var total = Objective(together, Parts, TeacherWidth.SameAsStudent).ForwardBackward(Batch()).Total;
        // Gradients add up because nothing forgets them in between.
        var sum = Parts.Sum(part => Objective(apart, [part], TeacherWidth.SameAsStudent).ForwardBackward(Batch()).Total);
        Assert.That(total, Is.EqualTo(sum).Within(1e-4));
        foreach (var (one, other) in together.parameters().Zip(apart.parameters()).Where(p => p.First.grad is not null))
            Assert.That((one.grad! - other.grad!).abs().max().item<float>(), Is.LessThan(1e-4));
    }

    [Test]
    public void ForwardBackward_TermsAndWeights_AddUp()
    {
        using var scope = NewDisposeScope();
        var loss = new DistillationLoss { Lambda1 = 2, Lambda2 = 0.1 };
        var report = Objective(Network(3), Parts, TeacherWidth.Full, loss).ForwardBackward(Batch());
        Assert.That(report.Terms.Keys, Is.EqualTo(new[] { "l_hidn", "l_pred" }));
        Assert.That(report.Total, Is.EqualTo((2 * report.Terms["l_pred"]) + (0.1 * report.Terms["l_hidn"])).Within(1e-4));
    }

    [Test]
    public void ForwardBackward_TeacherOfTheSameWidth_IsTheNetworkItselfAtFullDepth()
    {
        using var scope = NewDisposeScope();
        IReadOnlyList<SubNetwork> narrow = [SubNetwork.Of(Config, 0.5, 1)];
        var same = Objective(Network(9), narrow, TeacherWidth.SameAsStudent).ForwardBackward(Batch());
        var full = Objective(Network(9), narrow, TeacherWidth.Full).ForwardBackward(Batch());
        Assert.That(same.Terms["l_hidn"], Is.Zero.Within(1e-6), "teacher and student are copies");
        Assert.That(full.Terms["l_hidn"], Is.GreaterThan(1e-3), "the official code's teacher is wider");
    }

    [Test]
    public void ForwardBackward_Afterwards_StandsAtTheLargest()
    {
        using var scope = NewDisposeScope();
        var network = Network(3);
        Objective(network, Parts, TeacherWidth.Full).ForwardBackward(Batch());
        Assert.That(network.SubNetwork!.Name, Is.EqualTo("m_w=1.0, m_d=1.0"));
    }

    [Test]
    public void Constructor_LossWithoutTeacher_IsRefused() => Assert.That(
        () => new DynaBertObjective(Network(3), Parts, DepthRule.Paper, DistillationLoss.Width, null), Throws.ArgumentException);

    private static DynaBertObjective Objective(
        BertForSequenceClassification network, IReadOnlyList<SubNetwork> parts, TeacherWidth width, DistillationLoss? loss = null) =>
        new(network, parts, DepthRule.Paper, loss ?? DistillationLoss.WidthAndDepth, new DistillationTeacher(Network(9), width));

    private static BertForSequenceClassification Network(int seed)
    {
        var network = new BertForSequenceClassification(Config, 2, seed);
        network.train();
        return network;
    }

    private static GlueBatch Batch() => GlueBatch.Collate(
        new EncodedDataset(
            GlueTasks.Sst2,
            [.. Enumerable.Range(0, 4).Select(row => new EncodedExample(row, [2, 10 + row, 20 + (3 * row), 30, 3], 5, row % 2))],
            "four rows"),
        [3, 0, 1, 2], CPU);

    private static string[] Gradients(BertForSequenceClassification model) =>
        [.. model.named_parameters().Select(p => $"{p.name} {(p.parameter.grad is { } g ? Convert.ToHexString(g.bytes) : "none")}")];
}
