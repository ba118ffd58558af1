using Replication.Bert;
using Replication.Training;
using static TorchSharp.torch;

namespace Replication.Tests.Training;

[TestFixture]
public sealed class RowUpdatesTests
{
    // More than are put off at most, so that all rows are brought up to date on the way too.
    private const int Steps = 40;

    private static readonly TrainingRecipe Recipe = new() { LearningRate = 1e-3, WeightDecay = 0.1, MaxGradNorm = 0.05 };

    // A width of 24 fills whole vectors of the widest processors two rows at a time.
    [TestCase(OptimizerKind.AdamW, 16, 0.1)]
    [TestCase(OptimizerKind.AdamW, 24, 0.1)]
    [TestCase(OptimizerKind.AdamW, 16, 0)]
    [TestCase(OptimizerKind.BertAdam, 16, 0.1)]
    public void Step_GradientsByRows_LeavesTheBitsOfWholeOnes(OptimizerKind kind, int width, double weightDecay)
    {
        var recipe = Recipe with { Optimizer = kind, WeightDecay = weightDecay };
        var (whole, byRows) = (new Training(recipe, width), new Training(recipe, width, byRows: true));

        Assert.That(byRows.To(Steps), Is.EqualTo(whole.To(Steps)));
    }

    [Test]
    public void Step_ReadBetween_SeesTheVectorsOfThatStep()
    {
        var (whole, byRows) = (new Training(Recipe, 16), new Training(Recipe, 16, byRows: true));
        foreach (var step in Enumerable.Range(1, 12))
        {
            whole.To(step, catchUp: false);
            byRows.To(step, catchUp: false);
            Assert.That(byRows.Read(step + 4), Is.EqualTo(whole.Read(step + 4)));
        }
    }

    [Test]
    public void Restored_FromACheckpoint_GoesOnWithTheSameBits()
    {
        var whole = new Training(Recipe, 16, byRows: true);
        var (first, second) = (new Training(Recipe, 16, byRows: true), new Training(Recipe, 16, byRows: true));
        first.To(20);
        second.CopyFrom(first);

        Assert.That(second.To(Steps), Is.EqualTo(whole.To(Steps)));
    }

    [Test]
    public void Look_TwiceInAStep_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var model = TinyTask.Model();
        using var words = new WordRows(model.Encoder);
        using var batch = Training.Batch(0);
        model.forward(batch, EncoderOutputs.None);

        Assert.That(() => model.forward(batch, EncoderOutputs.None), Throws.InvalidOperationException);
    }

    [TestCase(16, 61, true)]
    [TestCase(24, 60, true)]
    [TestCase(24, 61, false)]
    public void IsPossible_TablesOfWholeUnitsOfRows(int width, int words, bool possible) =>
        Assert.That(WordRows.IsPossible(TinyTask.Config with { HiddenSize = width, VocabSize = words }, CPU), Is.EqualTo(possible));

    /// <summary>A training whose words differ from step to step.</summary>
    private sealed class Training
    {
        private readonly TrainingRecipe _recipe;
        private readonly BertForSequenceClassification _model;
        private readonly WordRows? _words;
        private readonly IOptimizer _optimizer;
        private int _step;

        public Training(TrainingRecipe recipe, int width, bool byRows = false)
        {
            _recipe = recipe;
            _model = new BertForSequenceClassification(TinyTask.Config with { HiddenSize = width }, outputs: 2, seed: 1);
            _model.Dropout = new DropoutStream(1);
            _words = byRows ? new WordRows(_model.Encoder) : null;
            _optimizer = Optimizers.Create(recipe, _model.named_parameters(), _words);
        }

        private IEnumerable<(string Name, Tensor Value)> State =>
            _model.named_parameters().Select(p => (p.name, (Tensor)p.parameter)).Concat(_optimizer.State.Select(s => (s.Key, s.Value)));

        /// <summary>Trains until so many steps are done; parameters and moments in hexadecimal, by name.</summary>
        public IReadOnlyList<string> To(int steps, bool catchUp = true)
        {
            for (; _step < steps; _step++)
                Step();
            if (!catchUp)
                return [];
            _optimizer.CatchUp();
            return [.. State.Select(s => $"{s.Name} {Convert.ToHexString(s.Value.bytes)}")];
        }

        /// <summary>What an evaluation reads now, in hexadecimal.</summary>
        public string Read(int batch)
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            _model.eval();
            return Convert.ToHexString(_model.forward(Batch(batch), EncoderOutputs.None).Logits.bytes);
        }

        /// <summary>Takes everything over, as from a checkpoint.</summary>
        public void CopyFrom(Training other)
        {
            using var noGradient = no_grad();
            foreach (var ((_, value), (_, stored)) in State.Zip(other.State))
                value.copy_(stored);
            (_step, _optimizer.Steps) = (other._step, other._step);
            _optimizer.Restored();
        }

        // Three rows of five places, the last of them padding in two rows; a few words of the sixty.
        public static TokenBatch Batch(int step)
        {
            var random = new RandomStream(step, "words");
            long[] Row(bool padded) =>
            [
                2, 10 + random.NextInt32(5), 10 + random.NextInt32(50), 3,
                padded ? TinyTask.Config.PadTokenId : 10 + random.NextInt32(50),
            ];
            long[] ids = [.. Row(true), .. Row(false), .. Row(true)];
            return new TokenBatch(
                tensor(ids, [3, 5]), zeros([3, 5], ScalarType.Int64),
                tensor(Array.ConvertAll(ids, id => id == TinyTask.Config.PadTokenId ? 0L : 1), [3, 5]));
        }

        private void Step()
        {
            using var scope = NewDisposeScope();
            _optimizer.ZeroGrad();
            _model.train();
            _model.Dropout!.BeginStep(_step);
            var logits = _model.forward(Batch(_step), EncoderOutputs.None).Logits;
            nn.functional.cross_entropy(logits, tensor(new long[] { 0, 1, 1 })).backward();
            // BertAdam clips by itself.
            if (_recipe.Optimizer == OptimizerKind.AdamW)
                GradientClipping.ClipTotalNorm(_model.parameters(), _recipe.MaxGradNorm!.Value, _words);
            _optimizer.Step(_recipe.LearningRate * (1 - ((double)_step / (2 * Steps))));
        }
    }
}
