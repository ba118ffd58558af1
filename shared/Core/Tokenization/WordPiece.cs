using System.Text;
using Microsoft.ML.Tokenizers;

namespace Replication.Bert.Tokenization;

/// <summary>
/// The tokenizer of the uncased BERT models. Words are split into pieces by Microsoft.ML.Tokenizers; what comes before
/// (clean-up and splitting into words) is this project's, for the library's own BertTokenizer loses characters.
/// </summary>
public sealed class WordPiece : TextTokenizer
{
    // transformers gives up on longer words and calls them unknown.
    private const int LongestWord = 100;

    private static readonly UncasedNormalizer Normalizer = new();

    private readonly string[] _tokens;
    private readonly WordPieceTokenizer _pieces;

    private WordPiece(string[] tokens, WordPieceTokenizer pieces, SpecialTokens ids) : base(ids, SpecialTokens.Texts) => (_tokens, _pieces) = (tokens, pieces);

    /// <inheritdoc/>
    public override int VocabularySize => _tokens.Length;

    /// <inheritdoc/>
    public override IReadOnlyList<string> FileNames => ["vocab.txt"];

    /// <summary>Reads vocab.txt: one token a line, ids by line from 0.</summary>
    /// <exception cref="ReplicationException">Missing, empty, not UTF-8, a token twice, or a special token is not in it.</exception>
    public static WordPiece FromVocabulary(string vocabTxtPath)
    {
        var (tokens, ids) = Vocabulary.Read(vocabTxtPath);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', tokens)));
        var pieces = WordPieceTokenizer.Create(stream, new WordPieceOptions
        {
            Normalizer = Normalizer,
            PreTokenizer = new WordSplitter(),
            UnknownToken = SpecialTokens.UnknownText,
            MaxInputCharsPerWord = LongestWord,
        });
        return new WordPiece(tokens, pieces, ids);
    }

    /// <inheritdoc/>
    public override string Token(int id) => id >= 0 && id < _tokens.Length
        ? _tokens[id]
        : throw new ArgumentOutOfRangeException(nameof(id), id, $"A token id lies between 0 and {_tokens.Length - 1}.");

    /// <inheritdoc/>
    private protected override void AppendPieces(ReadOnlySpan<char> text, List<int> ids) => ids.AddRange(_pieces.EncodeToIds(text));

    /// <inheritdoc/>
    private protected override IEnumerable<LocatedToken> LocatePieces(string text)
    {
        var tokens = _pieces.EncodeToTokens(text, out var normalized);
        var alignment = TextAlignment.Of(text, normalized ?? text, Normalizer);
        foreach (var token in tokens)
        {
            var (start, end) = alignment.Original(token.Offset.Start.Value, token.Offset.End.Value);
            yield return new LocatedToken(token.Id, start, end);
        }
    }
}
