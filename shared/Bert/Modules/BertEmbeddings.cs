using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>LayerNorm(word + position + token type), then dropout: [batch, length] ids to [batch, length, hidden].</summary>
internal sealed class BertEmbeddings : nn.Module<TokenBatch, EncoderPass, Tensor>
{
    [ComponentName(Name = "word_embeddings")]
    private readonly Embedding _words;

    [ComponentName(Name = "position_embeddings")]
    private readonly Embedding _positions;

    [ComponentName(Name = "token_type_embeddings")]
    private readonly Embedding _tokenTypes;

    [ComponentName(Name = "LayerNorm")]
    private readonly LayerNorm _norm;

    public BertEmbeddings(BertConfig config, Device device) : base(nameof(BertEmbeddings))
    {
        // The padding row gets no gradient, as in transformers.
        _words = UnsetModules.Embedding(config.VocabSize, config.HiddenSize, device, config.PadTokenId);
        _positions = UnsetModules.Embedding(config.MaxPositionEmbeddings, config.HiddenSize, device);
        _tokenTypes = UnsetModules.Embedding(config.TypeVocabSize, config.HiddenSize, device);
        _norm = UnsetModules.LayerNorm(config.HiddenSize, config.LayerNormEps, device);
        RegisterComponents();
    }

    /// <summary>The word embeddings, [vocabulary, hidden].</summary>
    public Parameter WordWeights => _words.weight!;

    public override Tensor forward(TokenBatch input, EncoderPass pass)
    {
        using var scope = NewDisposeScope();
        var length = input.InputIds.shape[1];
        if (length > _positions.weight!.shape[0])
            throw new ReplicationException($"A sequence of {length} tokens is longer than the model's {_positions.weight!.shape[0]} positions; choose a smaller maximal length.");
        var sum = _words.call(input.InputIds) + _tokenTypes.call(input.TokenTypeIds) + _positions.weight!.narrow(0, 0, length);
        return pass.DropHidden(_norm.call(sum)).MoveToOuterDisposeScope();
    }
}
