using Replication.Bert;
using Replication.Training;
using static TorchSharp.torch;

namespace Replication.Tests.Training;

[TestFixture]
public sealed class RowUpdatesTests
{
    // More than are put off at most, so that all rows are brought up to date on the way too.
    private const int Steps = 75;

    private static readonly TrainingRecipe Recipe = new() { LearningRate = 1e-3, WeightDecay = 0.1, MaxGradNorm = 0.05 };

    [Test]
    public void Step_GradientsByRows_LeavesTheBitsOfWholeOnes()
    {
        var (whole, byRows) = (Train(null, Steps), Train(null, Steps, byRows: true));

        Assert.That(byRows.Keys, Is.EqualTo(whole.Keys));
        foreach (var (name, bits) in whole)
            Assert.That(byRows[name], Is.EqualTo(bits), name);
    }

    [Test]
    public void Step_ReadBetween_SeesTheVectorsOfThatStep()
    {
        var (whole, byRows) = (new List<byte[]>(), new List<byte[]>());
        Train(whole, 12);
        Train(byRows, 12, byRows: true);

        Assert.That(byRows, Is.EqualTo(whole));
    }

    [Test]
    public void Look_TwiceInAStep_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var model = TinyTask.Model();
        using var words = new WordRows(model.Encoder);
        using var batch = Batch(0);
        model.forward(batch, EncoderOutputs.None);

        Assert.That(() => model.forward(batch, EncoderOutputs.None), Throws.InvalidOperationException);
    }

    // Parameters and moments after some steps, whose words differ from step to step; what an evaluation reads in between is noted.
    private static SortedDictionary<string, byte[]> Train(List<byte[]>? read, int steps, bool byRows = false)
    {
        using var scope = NewDisposeScope();
        using var model = TinyTask.Model();
        model.Dropout = new DropoutStream(1);
        using var words = byRows ? new WordRows(model.Encoder) : null;
        using var optimizer = Optimizers.Create(Recipe, model.named_parameters(), words);
        for (var step = 0; step < steps; step++)
        {
            using var batch = Batch(step);
            optimizer.ZeroGrad();
            model.train();
            model.Dropout.BeginStep(step);
            nn.functional.cross_entropy(model.forward(batch, EncoderOutputs.None).Logits, tensor(new long[] { 0, 1, 1 })).backward();
            GradientClipping.ClipTotalNorm(model.parameters(), Recipe.MaxGradNorm!.Value, words);
            optimizer.Step(Recipe.LearningRate * (1 - ((double)step / steps)));
            if (read is null)
                continue;
            using var noGradient = no_grad();
            model.eval();
            using var other = Batch(step + 5);
            read.Add(model.forward(other, EncoderOutputs.None).Logits.bytes.ToArray());
        }
        optimizer.CatchUp();
        var state = model.named_parameters().Select(p => (p.name, (Tensor)p.parameter)).Concat(optimizer.State.Select(s => (s.Key, s.Value)));
        return new SortedDictionary<string, byte[]>(state.ToDictionary(s => s.Item1, s => s.Item2.bytes.ToArray()), StringComparer.Ordinal);
    }

    // Three rows of five places, the last of them padding in two rows; a few words of the sixty.
    private static TokenBatch Batch(int step)
    {
        var random = new RandomStream(step, "words");
        long[] Row(bool padded) =>
            [2, 10 + random.NextInt32(5), 10 + random.NextInt32(50), 3, padded ? TinyTask.Config.PadTokenId : 10 + random.NextInt32(50)];
        long[] ids = [.. Row(true), .. Row(false), .. Row(true)];
        return new TokenBatch(
            tensor(ids, [3, 5]), zeros([3, 5], ScalarType.Int64),
            tensor(Array.ConvertAll(ids, id => id == TinyTask.Config.PadTokenId ? 0L : 1), [3, 5]));
    }
}
