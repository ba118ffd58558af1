using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>
/// One transformer layer: attention, then the feed-forward network. The states that attend, [batch, queries, hidden], are those
/// attended to, [batch, length, hidden], or some of them; the result has their shape.
/// </summary>
internal sealed class BertLayer : nn.Module<Tensor, Tensor, Tensor, EncoderPass, Tensor>
{
    [ComponentName(Name = "attention")]
    private readonly BertAttention _attention;

    [ComponentName(Name = "intermediate")]
    private readonly BertIntermediate _intermediate;

    [ComponentName(Name = "output")]
    private readonly ResidualOutput _output;

    /// <summary>Creates a layer; heads and width of the feed-forward network may differ from layer to layer.</summary>
    public BertLayer(BertConfig config, int heads, int intermediateSize, Device device) : base(nameof(BertLayer))
    {
        _attention = new BertAttention(config, heads, device);
        _intermediate = new BertIntermediate(config.HiddenSize, intermediateSize, config.HiddenAct, device);
        _output = new ResidualOutput(intermediateSize, config.HiddenSize, config.LayerNormEps, device);
        RegisterComponents();
    }

    public override Tensor forward(Tensor attending, Tensor hidden, Tensor mask, EncoderPass pass)
    {
        using var scope = NewDisposeScope();
        var attended = _attention.call(attending, hidden, mask, pass);
        var output = _output.call(_intermediate.call(attended, pass), attended, pass);
        if (pass.Scores.Count > 0)
            pass.Scores[^1].MoveToOuterDisposeScope();
        if (pass.Probabilities.Count > 0)
            pass.Probabilities[^1].MoveToOuterDisposeScope();
        return output.MoveToOuterDisposeScope();
    }
}
