using Replication.Bert;
using Replication.Distillation;
using Replication.Glue;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Replication.Tests.Distillation;

public sealed class SpanObjectiveTests
{
    private static readonly BertConfig Tiny = new()
    {
        VocabSize = 20, HiddenSize = 8, NumHiddenLayers = 1, NumAttentionHeads = 2, IntermediateSize = 16, MaxPositionEmbeddings = 12,
    };

    private static readonly SoftTargets Soft =
        new() { Temperature = 2, Divergence = SoftDivergence.KullbackLeibler, TimesTemperatureSquared = true };

    [Test]
    public void ForwardBackward_LabelsAlone_IsTheMeanOfBothCrossEntropies()
    {
        using var scope = NewDisposeScope();
        using var model = new BertForQuestionAnswering(Tiny, seed: 1);
        using var batch = new GlueBatch(GlueBatch.Tokenised([new([1, 4, 2, 5, 6, 2], 3)], 0, CPU), tensor(new long[,] { { 3, 4 } }), [0]);
        var output = model.forward(batch.Tokens, EncoderOutputs.None);
        var expected = (functional.cross_entropy(
            output.Start, batch.Labels.select(1, 0)) + functional.cross_entropy(output.End, batch.Labels.select(1, 1))).item<float>() / 2;

        var report = new SpanObjective(model, null, Soft, 0.5).ForwardBackward(batch);

        Assert.That(report.Total, Is.EqualTo(expected).Within(1e-6));
        Assert.That(model.parameters().Last().grad!.abs().sum().item<float>(), Is.GreaterThan(0));
    }

    [Test]
    public void ForwardBackward_TeacherThatIsTheStudent_HasNoSoftLoss()
    {
        using var model = new BertForQuestionAnswering(Tiny, seed: 1);
        using var batch = Batch(0);
        var report = new SpanObjective(model, model, Soft, 0.5).ForwardBackward(batch);
        Assert.That(report.Terms["L_soft"], Is.Zero.Within(1e-6));
        Assert.That(report.Total, Is.EqualTo(report.Terms["L_CE"] / 2).Within(1e-6));
    }

    [Test]
    public void ForwardBackward_MorePadding_LossesStayWhatTheyAre()
    {
        using var model = new BertForQuestionAnswering(Tiny, seed: 1);
        using var teacher = new BertForQuestionAnswering(Tiny, seed: 2);
        using var batch = Batch(0);
        using var longer = Batch(11);
        var objective = new SpanObjective(model, teacher, Soft, 0.5);
        var (report, padded) = (objective.ForwardBackward(batch), objective.ForwardBackward(longer));
        Assert.That(report.Terms["L_soft"], Is.GreaterThan(0));
        Assert.That((padded.Terms["L_CE"], padded.Terms["L_soft"]),
            Is.EqualTo((report.Terms["L_CE"], report.Terms["L_soft"])).Within(1e-5));
    }

    private static GlueBatch Batch(int length) => new(
        GlueBatch.Tokenised([new([1, 4, 2, 5, 6, 2], 3), new([1, 4, 2, 7, 2], 3)], 0, CPU, length),
        tensor(new long[,] { { 3, 4 }, { 0, 0 } }), [0, 1]);
}
