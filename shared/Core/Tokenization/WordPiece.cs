using System.Text;
using Microsoft.ML.Tokenizers;

namespace Replication.Bert.Tokenization;

/// <summary>
/// The tokenizer of the uncased BERT models. Words are split into pieces by Microsoft.ML.Tokenizers; what comes before
/// (clean-up and splitting into words) is this project's, for the library's own BertTokenizer loses characters.
/// Safe for use by several threads.
/// </summary>
public sealed class WordPiece
{
    // transformers gives up on longer words and calls them unknown.
    private const int LongestWord = 100;

    private readonly string[] _tokens;
    private readonly WordPieceTokenizer _pieces;

    private WordPiece(string[] tokens, WordPieceTokenizer pieces, SpecialTokens ids)
    {
        _tokens = tokens;
        _pieces = pieces;
        Ids = ids;
    }

    /// <summary>Ids of the special tokens.</summary>
    public SpecialTokens Ids { get; }

    /// <summary>Number of tokens in the vocabulary.</summary>
    public int VocabularySize => _tokens.Length;

    /// <summary>Reads vocab.txt: one token a line, ids by line from 0.</summary>
    /// <exception cref="ReplicationException">Missing, empty, not UTF-8, a token twice, or a special token is not in it.</exception>
    public static WordPiece FromVocabulary(string vocabTxtPath)
    {
        var (tokens, ids) = Vocabulary.Read(vocabTxtPath);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', tokens)));
        var pieces = WordPieceTokenizer.Create(stream, new WordPieceOptions
        {
            Normalizer = new UncasedNormalizer(),
            PreTokenizer = new WordSplitter(),
            UnknownToken = SpecialTokens.UnknownText,
            MaxInputCharsPerWord = LongestWord,
        });
        return new WordPiece(tokens, pieces, ids);
    }

    /// <summary>The text of a token, such as ##ing.</summary>
    public string Token(int id) => id >= 0 && id < _tokens.Length
        ? _tokens[id]
        : throw new ArgumentOutOfRangeException(nameof(id), id, $"A token id lies between 0 and {_tokens.Length - 1}.");

    /// <summary>The ids of a text, without [CLS] and [SEP]. A special token that is written out in the text keeps its id, as in transformers.</summary>
    public int[] Encode(string text)
    {
        var ids = new List<int>(text.Length / 3 + 4);
        var start = 0;
        while (FindSpecial(text, start) is var (offset, length, id))
        {
            AppendPieces(text.AsSpan(start, offset - start), ids);
            ids.Add(id);
            start = offset + length;
        }
        AppendPieces(text.AsSpan(start), ids);
        return [.. ids];
    }

    /// <summary>
    /// [CLS] first [SEP], and second [SEP] where there is one. What is longer than <paramref name="maxLength"/> is cut from
    /// the end of the longer sentence until both are equally long, then from both ("longest_first").
    /// </summary>
    /// <returns>The ids, and how many of them belong to the first sentence (token type 0; the rest has type 1).</returns>
    public (int[] Ids, int FirstLength) EncodePair(string first, string? second, int maxLength)
    {
        var a = Encode(first);
        var b = second is null ? null : Encode(second);
        var specials = b is null ? 2 : 3;
        if (maxLength < specials)
            throw new ArgumentOutOfRangeException(nameof(maxLength), maxLength, $"There must be room for {specials} special tokens.");

        var (keepA, keepB) = LongestFirst(a.Length, b?.Length ?? 0, maxLength - specials);
        var ids = new int[keepA + keepB + specials];
        ids[0] = Ids.Classification;
        a.AsSpan(0, keepA).CopyTo(ids.AsSpan(1));
        ids[keepA + 1] = Ids.Separator;
        if (b is not null)
        {
            b.AsSpan(0, keepB).CopyTo(ids.AsSpan(keepA + 2));
            ids[^1] = Ids.Separator;
        }
        return (ids, keepA + 2);
    }

    // The shorter side keeps at most half of the room, the longer one the rest; on a tie the second counts as the longer.
    private static (int First, int Second) LongestFirst(int first, int second, int room)
    {
        if (first + second <= room)
            return (first, second);
        var shorter = Math.Min(Math.Min(first, second), room / 2);
        return first > second ? (room - shorter, shorter) : (shorter, room - shorter);
    }

    private void AppendPieces(ReadOnlySpan<char> text, List<int> ids)
    {
        if (!text.IsEmpty)
            ids.AddRange(_pieces.EncodeToIds(text));
    }

    private (int Offset, int Length, int Id)? FindSpecial(string text, int start)
    {
        for (var i = text.IndexOf('[', start); i >= 0; i = text.IndexOf('[', i + 1))
            for (var k = 0; k < SpecialTokens.Texts.Count; k++)
                if (string.CompareOrdinal(text, i, SpecialTokens.Texts[k], 0, SpecialTokens.Texts[k].Length) == 0)
                    return (i, SpecialTokens.Texts[k].Length, Ids.All[k]);
        return null;
    }
}
