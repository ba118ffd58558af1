using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>Self-attention of some states, or all, with its way back to them, [batch, queries, hidden].</summary>
internal sealed class BertAttention : nn.Module<Tensor, Tensor, Tensor, EncoderPass, Tensor>
{
    [ComponentName(Name = "self")]
    private readonly BertSelfAttention _self;

    [ComponentName(Name = "output")]
    private readonly ResidualOutput _output;

    public BertAttention(BertConfig config, int heads, Device device) : base(nameof(BertAttention))
    {
        _self = new BertSelfAttention(config.HiddenSize, heads, config.HeadSize, device);
        _output = new ResidualOutput(
            heads * config.HeadSize, config.HiddenSize, config.LayerNormEps, device, drops: config.Kind != EncoderKind.DistilBert);
        RegisterComponents();
    }

    public override Tensor forward(Tensor attending, Tensor hidden, Tensor mask, EncoderPass pass) =>
        _output.call(_self.call(attending, hidden, mask, pass), attending, pass);
}
