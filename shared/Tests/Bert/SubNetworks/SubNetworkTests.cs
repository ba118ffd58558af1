using Replication.Bert;
using Replication.Bert.SubNetworks;
using static TorchSharp.torch;

namespace Replication.Tests.Bert.SubNetworks;

public sealed class SubNetworkTests
{
    private static readonly BertConfig Config = new()
    {
        VocabSize = 60, HiddenSize = 32, NumHiddenLayers = 4, NumAttentionHeads = 4, IntermediateSize = 48, MaxPositionEmbeddings = 16,
    };

    [OneTimeSetUp]
    public void UseOneThread() => set_num_threads(1);

    [Test]
    public void Of_BertBase_HasThePapersHeadsAndNeurons()
    {
        var part = SubNetwork.Of(BertConfig.Base, 0.75, 0.5);
        Assert.That((part.Heads, part.Neurons, part.Layers.Count, part.Name), Is.EqualTo((9, 2304, 6, "m_w=0.75, m_d=0.5")));
    }

    [TestCase(0)]
    [TestCase(1.1)]
    [TestCase(double.NaN)]
    [TestCase(0.2)]
    public void Of_WidthThatLeavesNoHeadOrIsNone_IsRefused(double width) => Assert.That(
        () => SubNetwork.Of(Config, width, 1), Throws.TypeOf<ReplicationException>().With.Message.Contains("width multiplier"));

    [Test]
    public void Forward_WholeNetworkAsAPart_IsTheSameBits()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var whole = model.call(Tokens(), EncoderOutputs.None).Logits;
        model.SubNetwork = SubNetwork.Of(Config, 1, 1);
        Assert.That(GoldenModel.AreEqual(model.call(Tokens(), EncoderOutputs.None).Logits, whole), Is.True);
    }

    [Test]
    public void Backward_NarrowPart_ReachesItsOwnWeightsAlone()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        model.SubNetwork = SubNetwork.Of(Config, 0.5, 0.5);
        model.call(Tokens(), EncoderOutputs.None).Logits.sum().backward();
        var gradients = model.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad, StringComparer.Ordinal);
        var query = gradients["bert.encoder.layer.1.attention.self.query.weight"]!;
        var second = gradients["bert.encoder.layer.1.output.dense.weight"]!;
        Assert.Multiple(() =>
        {
            Assert.That(gradients["bert.encoder.layer.0.output.dense.weight"], Is.Null, "a layer that was dropped");
            Assert.That(query.narrow(0, 16, 16).abs().max().item<float>(), Is.Zero, "heads that were cut");
            Assert.That(query.narrow(0, 0, 16).abs().max().item<float>(), Is.Not.Zero);
            Assert.That(second.narrow(1, 24, 24).abs().max().item<float>(), Is.Zero, "neurons that were cut");
            Assert.That(second.narrow(1, 0, 24).abs().max().item<float>(), Is.Not.Zero);
        });
    }

    [Test]
    public void Rewire_ByMeasuredImportance_LeavesTheFullNetworkAsItWas()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var before = model.call(Tokens(), EncoderOutputs.HiddenStates);
        Importance importance;
        using (var meter = new ImportanceMeter(model, ImportanceGradients.ZeroedEachBatch))
        {
            meter.Add(() => model.call(Tokens(), EncoderOutputs.None).Logits.square().sum());
            importance = meter.Result();
        }
        Assert.That(importance.Heads.Concat(importance.Neurons).SelectMany(v => v), Has.All.Positive);

        Rewiring.Apply(model, importance);

        var after = model.call(Tokens(), EncoderOutputs.HiddenStates);
        GoldenModel.AssertClose(after.Logits, before.Logits, 1e-5, "logits");
        foreach (var (state, index) in after.Encoder.HiddenStates.Select((s, i) => (s, i)))
            GoldenModel.AssertClose(state, before.Encoder.HiddenStates[index], 1e-5, $"hidden state {index}");
        using var again = new ImportanceMeter(model, ImportanceGradients.ZeroedEachBatch);
        again.Add(() => model.call(Tokens(), EncoderOutputs.None).Logits.square().sum());
        foreach (var values in again.Result().Heads)
            Assert.That(values, Is.Ordered.Descending);
    }

    [Test]
    public void Rewire_RobertasFolder_SavedAndOpened_ComputesWhatItDid()
    {
        using var scope = NewDisposeScope();
        var (folder, config) = (TestFolder.Create(), Config with {
            Kind = EncoderKind.Roberta, TypeVocabSize = 1, PadTokenId = 1, InitializerRange = 0.3 });
        using (var made = new BertForSequenceClassification(config, 3, seed: 4))
            ModelFolder.Save(made, Path.Combine(folder, "whole"), ["a", "b", "c"], null);
        using var model = ModelFolder.OpenClassifier(Path.Combine(folder, "whole"), 3);
        model.eval();
        var padded = Tokens();
        var tokens = padded with { InputIds = padded.InputIds.masked_fill(padded.AttentionMask == 0, config.PadTokenId) };
        var before = model.call(tokens, EncoderOutputs.None).Logits;
        Importance Measured(BertForSequenceClassification of)
        {
            using var meter = new ImportanceMeter(of, ImportanceGradients.ZeroedEachBatch);
            meter.Add(() => of.call(tokens, EncoderOutputs.None).Logits.square().sum());
            return meter.Result();
        }

        Rewiring.Apply(model, Measured(model));
        ModelFolder.Save(model, Path.Combine(folder, "rewired"), ["a", "b", "c"], null);
        using var rewired = ModelFolder.OpenClassifier(Path.Combine(folder, "rewired"), 3);
        rewired.eval();

        GoldenModel.AssertClose(rewired.call(tokens, EncoderOutputs.None).Logits, before, 1e-5, "logits");
        var again = Measured(rewired);
        foreach (var values in again.Heads.Concat(again.Neurons))
        {
            Assert.That(values, Has.All.Positive);
            Assert.That(values, Is.EqualTo(values.OrderDescending()).Within(0.01).Percent, "in falling order, up to rounding");
        }
        // What a narrow part keeps is the best of the whole.
        rewired.SubNetwork = SubNetwork.Of(config, 0.5, 1);
        using var narrow = SubNetworkExtraction.Extract(rewired, rewired.SubNetwork);
        GoldenModel.AssertClose(
            narrow.call(tokens, EncoderOutputs.None).Logits, rewired.call(tokens, EncoderOutputs.None).Logits, 1e-5, "half as wide");
    }

    [Test]
    public void Rewire_ImportanceOfAnotherGeometry_IsRefused()
    {
        using var model = Model();
        Assert.That(() => Rewiring.Apply(model, new Importance([[1]], [[1]])),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("geometry").Or.Message.Contains("not that of a model"));
    }

    [Test]
    public void Extract_SavedAndOpened_ComputesWhatTheSubNetworkDoes(
        [Values(1.0, 0.5, 0.25)] double width, [Values(1.0, 0.5)] double depth, [Values] CutHeads cut)
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        model.SubNetwork = SubNetwork.Of(Config, width, depth);
        var expected = model.call(Tokens(), EncoderOutputs.None).Logits;

        using var extracted = SubNetworkExtraction.Extract(model, model.SubNetwork, cut);
        var folder = Path.Combine(TestFolder.Create(), "exported");
        ModelFolder.Save(extracted, folder, ["a", "b", "c"], null);
        using var opened = ModelFolder.OpenClassifier(folder, 3);
        opened.eval();

        GoldenModel.AssertClose(opened.call(Tokens(), EncoderOutputs.None).Logits, expected, 1e-5, "logits");
        var counted = ModelSize.Parameters(opened.Config, classes: 3);
        Assert.That(opened.parameters().Sum(p => p.numel()), Is.EqualTo(counted));
        if (cut == CutHeads.Removed && width < 1)
            Assert.That(opened.Config.PrunedHeads![0], Is.EqualTo(model.SubNetwork.Heads == 2 ? new[] { 2, 3 } : [1, 2, 3]));
    }

    [TestCase("""{"0": [0, 1, 2, 3]}""")]
    [TestCase("""{"4": [0]}""")]
    [TestCase("""{"0": [9]}""")]
    [TestCase("""{"0": "x"}""")]
    [TestCase("""[1]""")]
    public void ReadConfig_PrunedHeadsThatCannotBe_AreNamed(string value)
    {
        using var model = Model();
        var folder = Path.Combine(TestFolder.Create(), "bad");
        ModelFolder.Save(model, folder, ["a", "b", "c"], null);
        var path = Path.Combine(folder, "config.json");
        File.WriteAllText(
            path, File.ReadAllText(path)
            .Replace("\"hidden_size\"", $"\"pruned_heads\": {value}, \"hidden_size\"", StringComparison.Ordinal));
        Assert.That(() => ModelFolder.ReadConfig(folder), Throws.TypeOf<ReplicationException>().With.Message.Contains("pruned_heads"));
    }

    private static BertForSequenceClassification Model()
    {
        // Larger weights than BERT's make the parts differ visibly.
        var model = new BertForSequenceClassification(Config with { InitializerRange = 0.3 }, 3, seed: 4);
        model.eval();
        return model;
    }

    private static TokenBatch Tokens() => new(
        tensor(new long[,] { { 2, 11, 25, 31, 3 }, { 2, 17, 8, 3, 0 } }),
        zeros([2, 5], ScalarType.Int64),
        tensor(new long[,] { { 1, 1, 1, 1, 1 }, { 1, 1, 1, 1, 0 } }));
}
