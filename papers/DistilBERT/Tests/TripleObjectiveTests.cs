using Replication.Bert;
using Replication.Bert.Distil;
using Replication.Corpus;
using static TorchSharp.torch;

namespace Replication.DistilBERT.Tests;

/// <summary>The objective, chunk by chunk, against the same loss written out in one graph.</summary>
public sealed class TripleObjectiveTests
{
    private static IEnumerable<TripleLoss> Losses() =>
    [
        TripleLoss.OfficialCode, TripleLoss.Thirds, TripleLoss.Paper, TripleLoss.MaskedOnly, new() { SoftOnHiddenWordsOnly = true },
        new() { SoftWeight = 0 }, new() { MaskedWeight = 0 }, new() { CosineWeight = 0 }, new() { SoftWeight = 0, MaskedWeight = 0 },
    ];

    [TestCaseSource(nameof(Losses))]
    public void ForwardBackward_AnyWeights_LeavesTheGradientsOfTheWholeLoss(TripleLoss loss)
    {
        using var scope = NewDisposeScope();
        using var teacher = TinyPair.Teacher();
        using var student = TinyPair.Student();
        using var written = TinyPair.Student();
        using var batch = TinyPair.Batch();

        var report = new TripleObjective(student, loss.NeedsTeacher ? teacher : null, loss).ForwardBackward(batch);
        var total = WrittenOut(written, teacher, loss, batch);
        total.backward();

        Assert.That(report.Total, Is.EqualTo(total.item<float>()).Within(1e-4));
        TinyPair.AssertClose(TinyPair.Gradients(student), TinyPair.Gradients(written), 1e-5);
        Assert.That(
            TinyPair.Gradients(student)["bert.encoder.layer.0.output.dense.weight"].abs().max().item<float>(), Is.GreaterThan(1e-4));
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(7)]
    public void VocabularyLoss_ChunksOfAnySize_LeaveTheSameGradients(int chunk)
    {
        using var scope = NewDisposeScope();
        using var teacher = TinyPair.Teacher();
        var (small, whole) = (Chunked(teacher, chunk), Chunked(teacher, 1000));
        TinyPair.AssertClose(small, whole, 1e-5);

        static Dictionary<string, Tensor> Chunked(BertForMaskedLM teacher, int chunk)
        {
            using var student = TinyPair.Student();
            manual_seed(5);
            var hidden = randn(20, 16).requires_grad_(true);
            new VocabularyLoss(TripleLoss.OfficialCode, chunk).Backward(student, hidden, teacher, randn(20, 16), arange(3, 8));
            var gradients = TinyPair.Gradients(student);
            gradients["hidden"] = hidden.grad!;
            return gradients;
        }
    }

    [Test]
    public void ForwardBackward_TwoHalvesOfABatch_AddUp()
    {
        using var scope = NewDisposeScope();
        using var teacher = TinyPair.Teacher();
        using var twice = TinyPair.Student();
        using var once = TinyPair.Student();
        using var batch = TinyPair.Batch();
        var objective = new TripleObjective(twice, teacher, TripleLoss.OfficialCode);
        objective.ForwardBackward(batch, 0.25);
        objective.ForwardBackward(batch, 0.75);
        new TripleObjective(once, teacher, TripleLoss.OfficialCode).ForwardBackward(batch);
        TinyPair.AssertClose(TinyPair.Gradients(twice), TinyPair.Gradients(once), 1e-5);
    }

    [Test]
    public void ForwardBackward_Teacher_GetsNoGradient()
    {
        using var teacher = TinyPair.Teacher();
        using var student = TinyPair.Student();
        using var batch = TinyPair.Batch();
        new TripleObjective(student, teacher, TripleLoss.OfficialCode).ForwardBackward(batch);
        Assert.That(teacher.parameters().Select(p => p.grad is null), Has.All.True);
    }

    [Test]
    public void TripleObjective_OtherVocabulary_IsRefused()
    {
        using var teacher = TinyPair.Teacher();
        using var student = new BertForMaskedLM(TinyPair.Config.ToDistil(2) with { VocabSize = 61 }, seed: 1);
        Assert.That(
            () => new TripleObjective(student, teacher, TripleLoss.OfficialCode),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("61 words").And.Message.Contains("same vocabulary"));
    }

    [Test]
    public void Collate_PaddedBatch_ListsEveryRealTokenOnceHiddenWordsFirst()
    {
        using var batch = TinyPair.Batch(rows: 3);
        var width = batch.Tokens.InputIds.shape[1];
        var places = batch.Places.data<long>().ToArray();
        Assert.That(places, Has.Length.EqualTo(5 + 6 + 7).And.Unique);
        Assert.That(places[..3], Is.EqualTo(new[] { 2, width + 2, (2 * width) + 2 }));
        Assert.That(batch.Words.data<long>().ToArray(), Is.EqualTo(new long[] { 40, 41, 42 }));
    }

    private static Tensor WrittenOut(BertForMaskedLM student, BertForMaskedLM teacher, TripleLoss loss, MaskedBatch batch)
    {
        var (s, t) = (
            student.call(batch.Tokens, batch.Places, EncoderOutputs.None), teacher.call(batch.Tokens, batch.Places, EncoderOutputs.None));
        var hidden = batch.Words.shape[0];
        var soft = loss.SoftOnHiddenWordsOnly ? hidden : s.Logits.shape[0];
        Tensor States(MaskedLMOutput output) => output.Encoder.LastHiddenState.flatten(0, 1).index_select(0, batch.Places);
        return (loss.SoftWeight * loss.SoftSum(s.Logits.narrow(0, 0, soft), t.Logits.narrow(0, 0, soft)) / soft)
            + (loss.MaskedWeight * TripleLoss.MaskedSum(s.Logits.narrow(0, 0, hidden), batch.Words) / hidden)
            + (loss.CosineWeight * TripleLoss.Cosine(States(s), States(t)));
    }
}
