using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>The feed-forward network's first half, act(x W^T + b): [batch, length, hidden] to [batch, length, intermediate].</summary>
internal sealed class BertIntermediate : nn.Module<Tensor, EncoderPass, Tensor>
{
    [ComponentName(Name = "dense")]
    private readonly Linear _dense;

    private readonly Func<Tensor, Tensor> _activation;

    public BertIntermediate(int hiddenSize, int intermediateSize, string activation, Device device) : base(nameof(BertIntermediate))
    {
        _activation = Activation.Named(activation);
        _dense = UnsetModules.Linear(hiddenSize, intermediateSize, device);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden, EncoderPass pass) => _activation(pass.LinearRows(_dense, hidden, pass.Part?.Neurons));
}
