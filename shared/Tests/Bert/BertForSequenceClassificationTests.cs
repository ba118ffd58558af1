using Replication.Bert;
using static TorchSharp.torch;

namespace Replication.Tests.Bert;

public sealed class BertForSequenceClassificationTests
{
    private static readonly BertConfig Small = new()
    {
        VocabSize = 50, HiddenSize = 24, NumHiddenLayers = 2, NumAttentionHeads = 3, IntermediateSize = 40, MaxPositionEmbeddings = 16,
    };

    [Test]
    public void Constructor_SameSeed_SameWeights()
    {
        using var first = new BertForSequenceClassification(Small, 2, seed: 5);
        using var second = new BertForSequenceClassification(Small, 2, seed: 5);
        using var other = new BertForSequenceClassification(Small, 2, seed: 6);

        var weights = first.named_parameters().Zip(second.named_parameters(), other.named_parameters());
        foreach (var (one, same, another) in weights)
        {
            Assert.That(GoldenModel.AreEqual(one.parameter, same.parameter), Is.True, one.name);
            if (one.name.EndsWith("weight", StringComparison.Ordinal) && !one.name.Contains("LayerNorm", StringComparison.Ordinal))
                Assert.That(GoldenModel.AreEqual(one.parameter, another.parameter), Is.False, one.name);
        }
    }

    [Test]
    public void Constructor_NewWeights_HaveBertsInitialisation()
    {
        using var model = new BertForSequenceClassification(Small with { VocabSize = 5000, InitializerRange = 0.05 }, 2, seed: 5);
        var parameters = model.named_parameters().ToDictionary(p => p.name, p => p.parameter);

        using var scope = NewDisposeScope();
        var words = parameters["bert.embeddings.word_embeddings.weight"];
        Assert.That(words.mean().item<float>(), Is.EqualTo(0).Within(1e-3));
        Assert.That(words.std().item<float>(), Is.EqualTo(0.05).Within(1e-3));
        Assert.That(parameters["bert.encoder.layer.1.output.dense.bias"].count_nonzero().item<long>(), Is.Zero);
        Assert.That(GoldenModel.AreEqual(parameters["bert.encoder.layer.1.output.LayerNorm.weight"], ones(24)), Is.True);
    }

    [Test]
    public void Constructor_HeadsThatDoNotDivideTheHiddenSize_AreRefused() =>
        Assert.That(
            () => new BertForSequenceClassification(Small with { NumAttentionHeads = 5 }, 2, seed: 5),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("24").And.Message.Contains("5 heads"));

    [Test]
    public void Forward_Padding_ChangesNothing()
    {
        using var scope = NewDisposeScope();
        using var model = new BertForSequenceClassification(Small, 2, seed: 5);
        var ids = arange(1, 9).reshape(1, 8);
        var padded = cat([ids, full(1, 4, 7, ScalarType.Int64)], 1);
        var mask = cat([ones(1, 8, ScalarType.Int64), zeros(1, 4, ScalarType.Int64)], 1);

        var alone = model.call(new TokenBatch(ids, zeros_like(ids), ones_like(ids)), EncoderOutputs.None);
        var withPadding = model.call(new TokenBatch(padded, zeros_like(padded), mask), EncoderOutputs.None);

        GoldenModel.AssertClose(withPadding.Logits, alone.Logits, 1e-6, "logits");
    }

    [Test]
    public void Forward_FusedAttention_EqualsTheWrittenOutOne()
    {
        using var scope = NewDisposeScope();
        using var model = new BertForSequenceClassification(Small with { InitializerRange = 0.3 }, 2, seed: 5);
        using var batch = Batch();
        batch.AttentionMask[1, 6..] = 0;

        var (fused, fusedGradient) = Run(EncoderOutputs.None);
        var (written, writtenGradient) = Run(EncoderOutputs.AttentionProbabilities);

        GoldenModel.AssertClose(fused, written, 1e-5, "logits");
        GoldenModel.AssertClose(fusedGradient, writtenGradient, 1e-5 * writtenGradient.abs().max().item<float>(), "gradient");

        (Tensor Logits, Tensor Gradient) Run(EncoderOutputs request)
        {
            var parameter = model.get_parameter("bert.encoder.layer.0.attention.self.query.weight")!;
            parameter.grad = null;
            var logits = model.call(batch, request).Logits;
            logits.pow(2).sum().backward();
            return (logits, parameter.grad!.clone());
        }
    }

    [Test]
    public void Forward_Dropout_ActsInTrainingModeOnly()
    {
        using var scope = NewDisposeScope();
        using var model = new BertForSequenceClassification(Small, 2, seed: 5);
        using var batch = Batch();
        var plain = model.call(batch, EncoderOutputs.None).Logits;
        model.Dropout = new DropoutStream(1);

        Assert.That(GoldenModel.AreEqual(Logits(step: 1), plain), Is.False);
        Assert.That(GoldenModel.AreEqual(Logits(step: 1), Logits(step: 1)), Is.True);
        Assert.That(GoldenModel.AreEqual(Logits(step: 1), Logits(step: 2)), Is.False);
        model.DropoutProbability = 0;
        GoldenModel.AssertClose(Logits(step: 1), plain, 1e-6, "probability 0");
        model.DropoutProbability = null;
        model.eval();
        Assert.That(GoldenModel.AreEqual(Logits(step: 1), plain), Is.True);

        Tensor Logits(long step)
        {
            model.Dropout.BeginStep(step);
            return model.call(batch, EncoderOutputs.None).Logits;
        }
    }

    [Test]
    public void Forward_BFloat16_IsNearFp32AndGivesFp32()
    {
        using var scope = NewDisposeScope();
        using var model = new BertForSequenceClassification(Small with { InitializerRange = 0.1 }, 2, seed: 5);
        using var batch = Batch();
        var exact = model.call(batch, EncoderOutputs.HiddenStates);

        model.Precision = Precision.Bf16;
        var rounded =
            model.call(batch, EncoderOutputs.HiddenStates | EncoderOutputs.AttentionScores | EncoderOutputs.AttentionProbabilities);

        GoldenModel.AssertClose(rounded.Logits, exact.Logits, 2e-2, "logits");
        Assert.That(GoldenModel.AreEqual(rounded.Logits, exact.Logits), Is.False);
        var handedOut = rounded.Encoder.HiddenStates.Concat(rounded.Encoder.AttentionScores)
            .Concat(rounded.Encoder.AttentionProbabilities).Append(rounded.Logits);
        Assert.That(handedOut.Select(t => t.dtype), Is.All.EqualTo(ScalarType.Float32));
    }

    [TestCase(Precision.Fp32)]
    [TestCase(Precision.Bf16)]
    public void Backward_EveryParameter_GetsAnFp32Gradient(Precision precision)
    {
        using var scope = NewDisposeScope();
        using var model = new BertForSequenceClassification(Small, 2, seed: 5) { Precision = precision, Dropout = new DropoutStream(1) };
        using var batch = Batch();

        model.call(batch, EncoderOutputs.None).Logits.pow(2).sum().backward();

        foreach (var (name, parameter) in model.named_parameters())
        {
            Assert.That(parameter.grad?.dtype, Is.EqualTo(ScalarType.Float32), name);
            Assert.That(parameter.grad!.isfinite().all().item<bool>(), Is.True, name);
        }
    }

    [Test]
    public void Forward_AllOutputs_EndWithTheCallersScope()
    {
        using var outer = NewDisposeScope();
        using var model = new BertForSequenceClassification(Small, 2, seed: 5);
        using var batch = Batch();
        ClassifierOutput output;
        using (NewDisposeScope())
        {
            output = model.call(
                batch, EncoderOutputs.HiddenStates | EncoderOutputs.AttentionScores | EncoderOutputs.AttentionProbabilities);
            Assert.That(Tensors(output).Select(t => t.IsInvalid), Is.All.False);
        }

        Assert.That(Tensors(output).Select(t => t.IsInvalid), Is.All.True);

        static IEnumerable<Tensor> Tensors(ClassifierOutput output) =>
        [
            output.Logits, output.Encoder.LastHiddenState, output.Encoder.PoolerOutput!,
            .. output.Encoder.HiddenStates, .. output.Encoder.AttentionScores, .. output.Encoder.AttentionProbabilities,
        ];
    }

    [Test]
    public void Forward_ReluBeforeClassifier_IsTheLinearLayerOnReluOfPooled()
    {
        using var scope = NewDisposeScope();
        using var model = new BertForSequenceClassification(Small with { ReluBeforeClassifier = true }, 2, seed: 5);
        model.Dropout = new DropoutStream(1);
        model.DropoutProbability = 0;
        model.train();
        var output = model.call(Batch(), EncoderOutputs.None);
        var expected = nn.functional.linear(
            output.Encoder.PoolerOutput!.relu(), model.get_parameter("classifier.weight")!, model.get_parameter("classifier.bias")!);
        Assert.That((output.Logits - expected).abs().max().item<float>(), Is.LessThan(1e-6));
    }

    [Test]
    public void Forward_SequenceBeyondPositions_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var model = new BertForSequenceClassification(Small, 2, seed: 5);
        var ids = ones(1, 17, ScalarType.Int64);

        Assert.That(
            () => model.call(new TokenBatch(ids, zeros_like(ids), ids), EncoderOutputs.None),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("17 tokens").And.Message.Contains("16 positions"));
    }

    private static TokenBatch Batch()
    {
        var ids = arange(1, 41).reshape(4, 10);
        return new TokenBatch(ids, zeros_like(ids), ones_like(ids));
    }
}
