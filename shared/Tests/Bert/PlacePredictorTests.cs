using Replication.Bert;
using static TorchSharp.torch;

namespace Replication.Tests.Bert;

[TestFixture]
internal sealed class PlacePredictorTests
{
    private const int Length = 13;
    private static readonly int[] Places = [1, 12, 5, 7];

    private BertForMaskedLM _model = null!;
    private TokenBatch _tokens = null!;
    private Tensor _places = null!;

    [SetUp]
    public void Create()
    {
        var config = new BertConfig {
            VocabSize = 97, HiddenSize = 32, NumHiddenLayers = 3, NumAttentionHeads = 4, IntermediateSize = 64,
            MaxPositionEmbeddings = 16 };
        _model = new BertForMaskedLM(config, seed: 1);
        _model.eval();
        var ids = (arange(Places.Length * Length) * 31 % 97).reshape(Places.Length, Length);
        var mask = ones_like(ids);
        // The third sequence ends after nine tokens.
        mask[2].narrow(0, 9, 4).zero_();
        _tokens = new TokenBatch(ids, zeros_like(ids), mask);
        _places = tensor(Places.Select((place, row) => ((long)row * Length) + place).ToArray());
    }

    [TearDown]
    public void Dispose()
    {
        _model.Dispose();
        _tokens.Dispose();
        _places.Dispose();
    }

    [TestCase(Precision.Fp32, 1e-5)]
    [TestCase(Precision.Bf16, 2e-2)]
    public void Logits_OfAPlace_AreTheModelsOwn(Precision precision, double tolerance)
    {
        using var predictor = new PlacePredictor(_model, precision);
        using var own = _model.call(_tokens, _places, EncoderOutputs.None).Logits;
        using var found = predictor.Logits(_tokens, _places);
        Assert.That(found.shape, Is.EqualTo(own.shape));
        Assert.That((found - own).abs().max().item<float>(), Is.LessThan(tolerance));
        Assert.That(own.abs().max().item<float>(), Is.GreaterThan(5 * tolerance));
    }

    [Test]
    public void Logits_ModelInTraining_HaveNoDropoutAndNoGradient()
    {
        _model.Encoder.Dropout = new DropoutStream(1);
        using var predictor = new PlacePredictor(_model, Precision.Fp32);
        using var first = predictor.Logits(_tokens, _places);
        _model.train();
        using var second = predictor.Logits(_tokens, _places);
        Assert.That((first.requires_grad, second.equal(first).all().item<bool>()), Is.EqualTo((false, true)));
    }
}
