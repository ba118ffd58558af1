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

    private readonly bool _drops;

    /// <summary>Creates the way back; with <paramref name="drops"/> false it has no dropout, as DistilBERT's attention.</summary>
    public ResidualOutput(int inputSize, int hiddenSize, double epsilon, Device device, bool drops = true) : base(nameof(ResidualOutput))
    {
        _drops = drops;
        _dense = UnsetModules.Linear(inputSize, hiddenSize, device);
        _norm = UnsetModules.LayerNorm(hiddenSize, epsilon, device);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input, Tensor residual, EncoderPass pass)
    {
        var output = pass.LinearColumns(_dense, input);
        return _norm.call((_drops ? pass.DropHidden(output) : output) + residual);
    }
}
