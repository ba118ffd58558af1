using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>tanh(W h_[CLS] + b): [batch, length, hidden] to [batch, hidden]. Too small for another number format than fp32.</summary>
internal sealed class BertPooler : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "dense")]
    private readonly Linear _dense;

    public BertPooler(int hiddenSize, Device device) : base(nameof(BertPooler))
    {
        _dense = UnsetModules.Linear(hiddenSize, hiddenSize, device);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return _dense.call(hidden.select(1, 0)).tanh().MoveToOuterDisposeScope();
    }
}
