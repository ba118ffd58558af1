using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>Self-attention with its way back to the hidden state, [batch, length, hidden].</summary>
internal sealed class BertAttention : nn.Module<Tensor, Tensor, EncoderPass, Tensor>
{
    [ComponentName(Name = "self")]
    private readonly BertSelfAttention _self;

    [ComponentName(Name = "output")]
    private readonly ResidualOutput _output;

    public BertAttention(BertConfig config, int heads, Device device) : base(nameof(BertAttention))
    {
        _self = new BertSelfAttention(config.HiddenSize, heads, config.HeadSize, device);
        _output = new ResidualOutput(heads * config.HeadSize, config.HiddenSize, config.LayerNormEps, device, drops: config.Kind == EncoderKind.Bert);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden, Tensor mask, EncoderPass pass) =>
        _output.call(_self.call(hidden, mask, pass), hidden, pass);
}
