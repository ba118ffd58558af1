namespace Replication.Bert.Tokenization;

/// <summary>
/// The tokenizer of the BERT models: a text is cleaned up, split into words, and each word into the longest pieces of the
/// vocabulary from the left. The library's own loses characters, and counts a long word's characters otherwise than the models' does.
/// </summary>
public sealed class WordPiece : TextTokenizer
{
    private readonly string[] _tokens;
    private readonly WordPieceSettings _settings;
    private readonly BertNormalizer _normalizer;
    private readonly AddedTokenFinder _normalized;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _starts, _continuations;
    private readonly int _longestPiece;

    /// <summary>Creates a tokenizer.</summary>
    /// <param name="tokens">The tokens in the order of their ids; an empty text where an id has none.</param>
    /// <param name="settings">How texts become tokens.</param>
    /// <param name="ids">The special tokens among them.</param>
    internal WordPiece(string[] tokens, WordPieceSettings settings, SpecialTokens ids)
        : base(ids, [
            .. settings.Specials.Zip(ids.All, (text, id) => new AddedToken(text, id)),
            .. settings.Added.Where(token => !token.IsNormalized)])
    {
        (_tokens, _settings, _normalizer) = (tokens, settings, new BertNormalizer(settings));
        _normalized = new AddedTokenFinder(
            settings.Added.Where(token => token.IsNormalized).Select(token => token with { Text = _normalizer.Normalize(token.Text) }));
        var (starts, continuations) =
            (new Dictionary<string, int>(tokens.Length, StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        var added = settings.Added.Where(token => !token.IsPiece).Select(token => token.Id).ToHashSet();
        foreach (var (id, token) in tokens.Index())
        {
            if (token.Length == 0 || added.Contains(id))
                continue;
            starts.Add(token, id);
            if (token.Length > settings.Continuation.Length && token.StartsWith(settings.Continuation, StringComparison.Ordinal))
                continuations.Add(token[settings.Continuation.Length..], id);
            _longestPiece = Math.Max(_longestPiece, token.Length);
        }
        (_starts, _continuations) =
            (starts.GetAlternateLookup<ReadOnlySpan<char>>(), continuations.GetAlternateLookup<ReadOnlySpan<char>>());
    }

    /// <inheritdoc/>
    public override int VocabularySize => _tokens.Length;

    /// <inheritdoc/>
    public override IReadOnlyList<string> FileNames => ["vocab.txt"];

    /// <summary>Reads vocab.txt of an uncased model: one token a line, ids by line from 0.</summary>
    /// <exception cref="ReplicationException">Missing, empty, not UTF-8, a token twice, or a special token is not in it.</exception>
    public static WordPiece FromVocabulary(string vocabTxtPath)
    {
        var tokens = Vocabulary.Read(vocabTxtPath);
        var settings = new WordPieceSettings();
        return new WordPiece(tokens, settings, Vocabulary.Specials(vocabTxtPath, tokens, settings.Specials));
    }

    /// <inheritdoc/>
    public override string Token(int id) => id >= 0 && id < _tokens.Length
        ? _tokens[id]
        : throw new ArgumentOutOfRangeException(nameof(id), id, $"A token id lies between 0 and {_tokens.Length - 1}.");

    /// <inheritdoc/>
    private protected override void AppendPieces(ReadOnlySpan<char> text, List<int> ids)
    {
        foreach (var (id, _, _) in Pieces(_normalizer.Normalize(text)))
            ids.Add(id);
    }

    /// <inheritdoc/>
    private protected override IEnumerable<LocatedToken> LocatePieces(string text)
    {
        var normalized = _normalizer.Normalize(text);
        var alignment = TextAlignment.Of(text, normalized, _normalizer);
        foreach (var piece in Pieces(normalized))
        {
            var (start, end) = alignment.Original(piece.Start, piece.End);
            yield return new LocatedToken(piece.Id, start, end);
        }
    }

    // The pieces of a normalised text, with their places in it.
    private List<LocatedToken> Pieces(string normalized)
    {
        var pieces = new List<LocatedToken>(normalized.Length / 3 + 4);
        var start = 0;
        while (_normalized.Find(normalized, start) is var (offset, length, id))
        {
            AppendWords(normalized, start, offset, pieces);
            pieces.Add(new LocatedToken(id, offset, offset + length));
            start = offset + length;
        }
        AppendWords(normalized, start, normalized.Length, pieces);
        return pieces;
    }

    private void AppendWords(string text, int start, int end, List<LocatedToken> pieces)
    {
        foreach (var (offset, length) in WordSplitter.Split(text.AsSpan(start, end - start)))
        {
            var (before, word) = (pieces.Count, start + offset);
            if (CodePoints(text.AsSpan(word, length)) <= _settings.LongestWord && AppendWord(text.AsSpan(word, length), word, pieces))
                continue;
            // A word with a part that no piece fits is unknown as a whole.
            pieces.RemoveRange(before, pieces.Count - before);
            pieces.Add(new LocatedToken(Ids.Unknown, word, word + length));
        }
    }

    private bool AppendWord(ReadOnlySpan<char> word, int place, List<LocatedToken> pieces)
    {
        for (var start = 0; start < word.Length;)
        {
            var lookup = start == 0 ? _starts : _continuations;
            var length = Math.Min(word.Length - start, _longestPiece);
            var id = -1;
            while (length > 0 && !lookup.TryGetValue(word.Slice(start, length), out id))
                length--;
            if (length == 0)
                return false;
            pieces.Add(new LocatedToken(id, place + start, place + start + length));
            start += length;
        }
        return true;
    }

    private static int CodePoints(ReadOnlySpan<char> word)
    {
        var count = word.Length;
        foreach (var unit in word)
            if (char.IsLowSurrogate(unit))
                count--;
        return count;
    }
}
