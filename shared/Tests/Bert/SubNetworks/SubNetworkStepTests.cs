using Replication.Bert;
using Replication.Bert.SubNetworks;
using static TorchSharp.torch;

namespace Replication.Tests.Bert.SubNetworks;

/// <summary>A step over sub-networks gives the gradients that its passes give one by one.</summary>
public sealed class SubNetworkStepTests
{
    private static readonly BertConfig Config = new()
    {
        VocabSize = 60, HiddenSize = 32, NumHiddenLayers = 4, NumAttentionHeads = 4, IntermediateSize = 48, MaxPositionEmbeddings = 16,
        InitializerRange = 0.2,
    };

    private static IReadOnlyList<SubNetwork> Parts => SubNetwork.Grid(Config, [1, 0.5, 0.25], [1, 0.5]);

    [OneTimeSetUp]
    public void UseOneThread() => set_num_threads(1);

    [TestCase(0)]
    [TestCase(0.1)]
    public void Finish_SeveralParts_LeavesTheSumOfTheirGradients(double dropout)
    {
        using var scope = NewDisposeScope();
        var (together, apart) = (Model(dropout), Model(dropout));
        using (var step = new SubNetworkStep(together, Tokens()))
        {
            foreach (var width in Parts.GroupBy(part => part.Width))
            {
                foreach (var part in width)
                    Backward(together, part);
                step.CollectSlices();
            }
            step.Finish();
        }
        foreach (var part in Parts.GroupBy(part => part.Width).SelectMany(width => width))
            Backward(apart, part);
        foreach (var (one, other) in together.named_parameters().Zip(apart.named_parameters()))
            GoldenModel.AssertClose(one.parameter.grad!, other.parameter.grad!, 1e-5, one.name);
    }

    [Test]
    public void Finish_NarrowPartAlone_HasGradientsOfTheWholeWeightsShape()
    {
        using var scope = NewDisposeScope();
        var model = Model(0);
        using (var step = new SubNetworkStep(model, Tokens()))
        {
            Backward(model, SubNetwork.Of(Config, 0.25, 1));
            step.Finish();
        }
        var query = model.get_parameter("bert.encoder.layer.0.attention.self.query.weight")!.grad!;
        Assert.That(query.shape, Is.EqualTo(new long[] { 32, 32 }));
        Assert.That(query.narrow(0, 8, 24).abs().max().item<float>(), Is.Zero);
        Assert.That(query.narrow(0, 0, 8).abs().max().item<float>(), Is.Not.Zero);
    }

    [Test]
    public void Dispose_Always_LetsTheNetworkRunOnOtherTokens()
    {
        using var scope = NewDisposeScope();
        var model = Model(0);
        var before = model.call(Tokens(), EncoderOutputs.None).Logits;
        using (new SubNetworkStep(model, new TokenBatch(Tokens().InputIds.flip(1), Tokens().TokenTypeIds, Tokens().AttentionMask)))
        {
            Assert.That(GoldenModel.AreEqual(model.call(Tokens(), EncoderOutputs.None).Logits, before), Is.False,
                "it runs on the step's tokens");
            Assert.That(() => new SubNetworkStep(model, Tokens()), Throws.InvalidOperationException);
        }
        Assert.That(GoldenModel.AreEqual(model.call(Tokens(), EncoderOutputs.None).Logits, before), Is.True);
    }

    private static void Backward(BertForSequenceClassification model, SubNetwork part)
    {
        using var scope = NewDisposeScope();
        model.SubNetwork = part;
        model.call(Tokens(), EncoderOutputs.None).Logits.square().sum().backward();
    }

    private static BertForSequenceClassification Model(double dropout)
    {
        var model = new BertForSequenceClassification(
            Config, outputs: 2, seed: 4) { Dropout = new DropoutStream(1), DropoutProbability = dropout };
        model.train();
        model.Dropout.BeginStep(0);
        return model;
    }

    private static TokenBatch Tokens() => new(
        tensor(new long[,] { { 2, 11, 25, 31, 3 }, { 2, 7, 8, 3, 0 } }), zeros([2, 5], ScalarType.Int64),
        tensor(new long[,] { { 1, 1, 1, 1, 1 }, { 1, 1, 1, 1, 0 } }));
}
