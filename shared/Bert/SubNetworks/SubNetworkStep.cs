using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.Bert.SubNetworks;

/// <summary>
/// A training step over several sub-networks of one network, with what they share done once: the embedding output is computed,
/// and its gradient propagated into the vocabulary, once a step, and the gradient of a slice of a weight is as large as the slice
/// until it is added to the weight's. Without it each sub-network would write gradients of the whole network's size. While it
/// lives, the network runs on its tokens alone.
/// </summary>
public sealed class SubNetworkStep : IDisposable
{
    private readonly BertForSequenceClassification _model;
    // By the native tensor, since two tensors are compared by their values.
    private readonly Dictionary<(IntPtr Weight, int Dimension, long Count), Slice> _slices = [];
    private readonly Tensor _embedding;

    /// <summary>Begins a step.</summary>
    /// <param name="model">The network; its sub-network may change during the step.</param>
    /// <param name="tokens">The batch.</param>
    /// <exception cref="InvalidOperationException">The network is in a step already.</exception>
    public SubNetworkStep(BertForSequenceClassification model, TokenBatch tokens)
    {
        if (model.Encoder.Step is not null)
            throw new InvalidOperationException("The network is in a step already; finish that one first.");
        _model = model;
        _embedding = model.Encoder.Embed(tokens).DetachFromDisposeScope();
        Embedded = _embedding.detach().DetachFromDisposeScope();
        Embedded.requires_grad = true;
        model.Encoder.Step = this;
    }

    /// <summary>
    /// The embedding output before dropout, [batch, length, hidden]: the leaf at which the gradients of all sub-networks add up.
    /// </summary>
    internal Tensor Embedded { get; }

    /// <summary>A leaf that is a view of the first rows (dimension 0) or columns (1) of a weight.</summary>
    internal Tensor SliceOf(Parameter weight, int dimension, long count)
    {
        var key = (weight.Handle, dimension, count);
        if (_slices.TryGetValue(key, out var known))
            return known.Leaf;
        using var whole = weight.detach();
        var leaf = whole.narrow(dimension, 0, count).DetachFromDisposeScope();
        leaf.requires_grad = true;
        _slices.Add(key, new Slice(weight, dimension, count, leaf));
        return leaf;
    }

    /// <summary>
    /// Adds what the slices have gathered so far to the weights' gradients, and forgets the slices; once a width keeps memory low.
    /// </summary>
    public void CollectSlices()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (weight, dimension, count, leaf) in _slices.Values)
        {
            if (leaf.grad is { } gradient)
            {
                if (weight.grad is null)
                    weight.grad = zeros_like(weight, requires_grad: false).DetachFromDisposeScope();
                weight.grad!.narrow(dimension, 0, count).add_(gradient);
            }
            leaf.Dispose();
        }
        _slices.Clear();
    }

    /// <summary>Ends the gradients: those of the slices, and the embeddings' own.</summary>
    public void Finish()
    {
        CollectSlices();
        using var scope = NewDisposeScope();
        if (Embedded.grad is { } gradient)
            _embedding.backward([gradient]);
    }

    /// <summary>Lets the network run on other tokens again.</summary>
    public void Dispose()
    {
        _model.Encoder.Step = null;
        foreach (var slice in _slices.Values)
            slice.Leaf.Dispose();
        Embedded.Dispose();
        _embedding.Dispose();
    }

    private sealed record Slice(Parameter Weight, int Dimension, long Count, Tensor Leaf);
}
