using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>
/// LayerNorm(word + position + token type, where there are types), then dropout: [batch, length] ids to [batch, length, hidden].
/// </summary>
internal sealed class BertEmbeddings : nn.Module<TokenBatch, EncoderPass, Tensor>
{
    [ComponentName(Name = "word_embeddings")]
    private readonly Embedding _words;

    [ComponentName(Name = "position_embeddings")]
    private readonly Embedding _positions;

    [ComponentName(Name = "token_type_embeddings")]
    private readonly Embedding? _tokenTypes;

    [ComponentName(Name = "LayerNorm")]
    private readonly LayerNorm _norm;

    private readonly BertConfig _config;

    public BertEmbeddings(BertConfig config, Device device) : base(nameof(BertEmbeddings))
    {
        _config = config;
        // The padding row gets no gradient, as in transformers.
        _words = UnsetModules.Embedding(config.VocabSize, config.HiddenSize, device, config.PadTokenId);
        _positions = UnsetModules.Embedding(config.MaxPositionEmbeddings, config.HiddenSize, device);
        _tokenTypes = config.TypeVocabSize == 0 ? null : UnsetModules.Embedding(config.TypeVocabSize, config.HiddenSize, device);
        _norm = UnsetModules.LayerNorm(config.HiddenSize, config.LayerNormEps, device);
        RegisterComponents();
    }

    /// <summary>Looks the words up; null for libtorch's own way.</summary>
    public WordRows? Rows { get; set; }

    /// <summary>The word embeddings, [vocabulary, hidden].</summary>
    public Parameter WordWeights => _words.get_parameter("weight")!;

    public override Tensor forward(TokenBatch input, EncoderPass pass)
    {
        using var scope = NewDisposeScope();
        return pass.DropHidden(Embed(input)).MoveToOuterDisposeScope();
    }

    /// <summary>The same before dropout.</summary>
    public Tensor Embed(TokenBatch input)
    {
        using var scope = NewDisposeScope();
        var length = input.InputIds.shape[1];
        if (length > _config.LongestInput)
            throw new ReplicationException(
                $"A sequence of {length} tokens is longer than the model's {_config.LongestInput} positions; choose a smaller maximal "
                + $"length.");
        var positions = _positions.call(
            _config.Kind == EncoderKind.Roberta ? RobertaPositions(input.InputIds) : arange(length, device: input.InputIds.device));
        var words = Rows is null ? _words.call(input.InputIds) : Rows.Look(input.InputIds, _config.PadTokenId);
        var typed = _tokenTypes is null ? words : words + _tokenTypes.call(input.TokenTypeIds);
        return _norm.call(typed + positions).MoveToOuterDisposeScope();
    }

    // The pad id has the position of its number, and a token that of the pad id plus the number of tokens so far, itself included.
    private Tensor RobertaPositions(Tensor ids)
    {
        var isToken = ids.ne(_config.PadTokenId).to(ScalarType.Int64);
        return (isToken.cumsum(1) * isToken) + _config.PadTokenId;
    }
}
