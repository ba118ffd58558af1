using Replication.Bert;
using TorchSharp;
using static TorchSharp.torch;

namespace Replication.Bench;

/// <summary>
/// The matrix products of an encoder's layers and nothing else, at the shapes that a pass has them: the least that it can take.
/// </summary>
/// <param name="config">The geometry.</param>
/// <param name="backward">Whether those of the backward pass come with them.</param>
internal sealed class LayerProducts(BertConfig config, bool backward) : IDisposable
{
    private readonly Tensor _square = rand(config.HiddenSize, config.HiddenSize).DetachFromDisposeScope();
    private readonly Tensor _wide = rand(config.IntermediateSize, config.HiddenSize).DetachFromDisposeScope();
    private readonly Tensor _narrow = rand(config.HiddenSize, config.IntermediateSize).DetachFromDisposeScope();

    /// <summary>Computes them.</summary>
    /// <param name="batch">Rows.</param>
    /// <param name="length">Tokens a row.</param>
    public void Run(int batch, int length)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (hidden, inner) = (rand((long)batch * length, config.HiddenSize), rand((long)batch * length, config.IntermediateSize));
        long heads = (long)batch * config.NumAttentionHeads;
        var (queries, scores) = (rand(heads, length, config.HeadSize), rand(heads, length, length));
        for (var layer = 0; layer < config.NumHiddenLayers; layer++)
        {
            using var each = NewDisposeScope();
            for (var i = 0; i < 4; i++)
                Dense(hidden, _square, hidden);
            Dense(hidden, _wide, inner);
            Dense(inner, _narrow, hidden);
            Batched(queries, queries.transpose(1, 2), scores);
            Batched(scores, queries, queries);
        }
    }

    // y = x W^T; then dx = dy W and dW = dy^T x.
    private void Dense(Tensor input, Tensor weight, Tensor outputGradient)
    {
        nn.functional.linear(input, weight).Dispose();
        if (!backward)
            return;
        outputGradient.mm(weight).Dispose();
        outputGradient.t().mm(input).Dispose();
    }

    // c = a b; then da = dc b^T and db = a^T dc.
    private void Batched(Tensor left, Tensor right, Tensor outputGradient)
    {
        left.bmm(right).Dispose();
        if (!backward)
            return;
        outputGradient.bmm(right.transpose(1, 2)).Dispose();
        left.transpose(1, 2).bmm(outputGradient).Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _square.Dispose();
        _wide.Dispose();
        _narrow.Dispose();
    }
}
