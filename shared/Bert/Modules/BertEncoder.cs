using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>The stack of layers: the hidden state after the embeddings and after each layer, as far as the pass keeps them.</summary>
internal sealed class BertEncoder : nn.Module<Tensor, Tensor, EncoderPass, IReadOnlyList<Tensor>>
{
    [ComponentName(Name = "layer")]
    private readonly ModuleList<BertLayer> _layers;

    public BertEncoder(BertConfig config, Device device) : base(nameof(BertEncoder))
    {
        _layers = nn.ModuleList(Enumerable.Range(0, config.NumHiddenLayers)
            .Select(layer => new BertLayer(config, config.HeadsOf(layer), config.IntermediateSize, device))
            .ToArray());
        RegisterComponents();
    }

    /// <summary>
    /// N + 1 states [batch, length, hidden] for the N layers that the pass runs, or the last one only, [batch, 1, hidden] where one place
    /// is asked for.
    /// </summary>
    public override IReadOnlyList<Tensor> forward(Tensor embedded, Tensor mask, EncoderPass pass)
    {
        List<Tensor> states = [embedded];
        int[] layers = [.. pass.Part?.Layers ?? Enumerable.Range(1, _layers.Count)];
        foreach (var index in layers)
        {
            var attending = index == layers[^1] ? pass.Asked(states[^1]) : states[^1];
            var next = _layers[index - 1].call(attending, states[^1], mask, pass);
            if (!pass.KeepsHiddenStates)
            {
                states[^1].Dispose();
                states.Clear();
            }
            states.Add(next);
        }
        return states;
    }
}
