using static TorchSharp.torch;

namespace Replication.Bert.SubNetworks;

/// <summary>
/// Sums up importance over batches, with the model in evaluation mode. For a head it is |dL/dxi|, xi a factor of 1 on what the
/// head attends to. Since the head's context meets only its own columns W_o,h of the output matrix, a factor on the one is
/// a factor on the other, and dL/dxi = sum of W_o,h * dL/dW_o,h: weights and their gradients are all that is needed.
/// For a neuron it is |sum w1 dL/dw1 + b1 dL/db1| + |sum w2 dL/dw2|, w1 its row of the first and w2 its column of the second matrix.
/// </summary>
public sealed class ImportanceMeter : IDisposable
{
    private readonly BertForSequenceClassification _model;
    private readonly ImportanceGradients _gradients;
    private readonly IReadOnlyList<LayerWeights> _layers;
    private readonly Tensor[] _heads, _neurons;
    private readonly bool _wasTraining;

    /// <summary>Begins; the model's gradients are forgotten.</summary>
    public ImportanceMeter(BertForSequenceClassification model, ImportanceGradients gradients)
    {
        (_model, _gradients, _wasTraining) = (model, gradients, model.training);
        _layers = LayerWeights.Of(model);
        var device = _layers[0].AttentionOutput.device;
        _heads = [.. _layers.Select(_ => zeros(model.Config.NumAttentionHeads, device: device).DetachFromDisposeScope())];
        _neurons = [.. _layers.Select(_ => zeros(model.Config.IntermediateSize, device: device).DetachFromDisposeScope())];
        _model.eval();
        _model.zero_grad();
    }

    /// <summary>Adds a batch.</summary>
    /// <param name="loss">Runs the model on the batch and returns the mean loss on its labels.</param>
    public void Add(Func<Tensor> loss)
    {
        using var scope = NewDisposeScope();
        if (_gradients == ImportanceGradients.ZeroedEachBatch)
            _model.zero_grad();
        loss().backward();
        using var noGradient = no_grad();
        foreach (var (index, layer) in _layers.Index())
        {
            // [hidden, heads, head size]
            var output = layer.AttentionOutput;
            var byHead = (output * output.grad!).unflatten(1, [_model.Config.NumAttentionHeads, -1]);
            _heads[index].add_(byHead.sum([0L, 2L]).abs());
            var (weight, bias, second) = (layer.ByNeuronRow[0], layer.ByNeuronRow[1], layer.FeedForwardOutput);
            _neurons[index].add_(((weight * weight.grad!).sum([1L]) + (bias * bias.grad!)).abs());
            _neurons[index].add_((second * second.grad!).sum([0L]).abs());
        }
    }

    /// <summary>The sums so far.</summary>
    public Importance Result() => new([.. _heads.Select(Values)], [.. _neurons.Select(Values)]);

    /// <summary>Forgets the gradients and puts the model back into the mode it was in.</summary>
    public void Dispose()
    {
        foreach (var tensor in _heads.Concat(_neurons))
            tensor.Dispose();
        _model.zero_grad();
        _model.train(_wasTraining);
    }

    private static float[] Values(Tensor tensor)
    {
        using var here = tensor.cpu();
        return here.data<float>().ToArray();
    }
}
