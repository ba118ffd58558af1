using Replication.Bert;
using Replication.Measurements;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.Bench;

/// <summary>The look-up of word vectors with its gradient, and nothing else.</summary>
/// <param name="config">The geometry.</param>
internal sealed class WordGradient(BertConfig config) : IDisposable
{
    private readonly Embedding _table = nn.Embedding(config.VocabSize, config.HiddenSize);

    /// <summary>Looks a batch up and propagates a gradient back.</summary>
    /// <param name="batch">Rows.</param>
    /// <param name="length">Tokens a row.</param>
    public void Run(int batch, int length)
    {
        using var scope = NewDisposeScope();
        using var tokens = SpeedMeasurement.RandomTokens(
            config.VocabSize, new SpeedProtocol { BatchSize = batch, Length = length }, CPU);
        _table.call(tokens.InputIds).sum().backward();
        foreach (var parameter in _table.parameters())
            parameter.grad = null;
    }

    /// <inheritdoc/>
    public void Dispose() => _table.Dispose();
}
