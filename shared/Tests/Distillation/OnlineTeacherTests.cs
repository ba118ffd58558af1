using Replication.Bert;
using Replication.Distillation;
using Replication.Glue;
using static TorchSharp.torch;

namespace Replication.Tests.Distillation;

/// <summary>The teacher beside the student, with its dropout on and off.</summary>
[TestFixture]
internal sealed class OnlineTeacherTests
{
    private const long Seed = 5;

    private static readonly int[] Rows = [4, 2];

    [Test]
    public void Of_Dropout_DrawsMasksOfSeedAndRows()
    {
        var expected = Logits(teacher =>
        {
            teacher.train();
            teacher.Dropout = new DropoutStream(unchecked((long)RandomStream.Derive(Seed, "teacher dropout")));
            teacher.Dropout.BeginStep((((17 * 31) + 4) * 31) + 2);
            return teacher.forward(Batch(Rows).Tokens, EncoderOutputs.None).Logits;
        });
        Assert.That(Taught(hasDropout: true, Rows), Is.EqualTo(expected));
        Assert.That(Taught(hasDropout: true, [2, 4]), Is.Not.EqualTo(expected));
    }

    [Test]
    public void Of_NoDropout_IsTheTeachersEvaluation()
    {
        var expected = Logits(teacher =>
        {
            teacher.eval();
            return teacher.forward(Batch(Rows).Tokens, EncoderOutputs.None).Logits;
        });
        Assert.That(Taught(hasDropout: false, Rows), Is.EqualTo(expected));
        Assert.That(Taught(hasDropout: true, Rows), Is.Not.EqualTo(expected));
    }

    private static float[] Taught(bool hasDropout, int[] rows) => Logits(model =>
    {
        var teacher = new OnlineTeacher(model, hasDropout, Precision.Fp32, Seed);
        // Twice: a batch's masks depend on nothing that came before.
        teacher.Of(Batch([7, 8]), t => t.forward(Batch(rows).Tokens, EncoderOutputs.None).Logits);
        return teacher.Of(Batch(rows), t => t.forward(Batch(rows).Tokens, EncoderOutputs.None).Logits);
    });

    private static float[] Logits(Func<BertForSequenceClassification, Tensor> compute)
    {
        using var scope = NewDisposeScope();
        using var teacher = new BertForSequenceClassification(
            new BertConfig {
                VocabSize = 60, HiddenSize = 16, NumHiddenLayers = 2, NumAttentionHeads = 2, IntermediateSize = 32,
                MaxPositionEmbeddings = 20, InitializerRange = 0.2 }, 2, 1);
        return compute(teacher).data<float>().ToArray();
    }

    // The same tokens for any rows.
    private static GlueBatch Batch(int[] rows)
    {
        long[] shape = [2, 4];
        return new GlueBatch(
            new TokenBatch(
                tensor((long[])[2, 7, 9, 3, 2, 11, 13, 3], shape), zeros(shape, ScalarType.Int64), ones(shape, ScalarType.Int64)),
                zeros([2], ScalarType.Int64), rows);
    }
}
