using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>LayerNorm(dropout(x W^T + b) + residual): how attention and feed-forward network both return to the hidden state.</summary>
internal sealed class ResidualOutput : nn.Module<Tensor, Tensor, EncoderPass, Tensor>
{
    [ComponentName(Name = "dense")]
    private readonly Linear _dense;

    [ComponentName(Name = "LayerNorm")]
    private readonly LayerNorm _norm;

    public ResidualOutput(int inputSize, int hiddenSize, double epsilon, Device device) : base(nameof(ResidualOutput))
    {
        _dense = UnsetModules.Linear(inputSize, hiddenSize, device);
        _norm = UnsetModules.LayerNorm(hiddenSize, epsilon, device);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input, Tensor residual, EncoderPass pass) =>
        _norm.call(pass.DropHidden(pass.Linear(_dense, input)) + residual);
}
