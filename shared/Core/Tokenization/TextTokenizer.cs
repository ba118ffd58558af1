namespace Replication.Bert.Tokenization;

/// <summary>A token with its place in the text that it came from.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Start">UTF-16 unit of the text at which it begins.</param>
/// <param name="End">The unit after its last.</param>
public readonly record struct LocatedToken(int Id, int Start, int End);

/// <summary>Turns texts into the ids of a model's tokens. Safe for use by several threads.</summary>
public abstract class TextTokenizer
{
    private readonly AddedTokenFinder _added;

    /// <summary>Creates a tokenizer.</summary>
    /// <param name="ids">Ids of the special tokens.</param>
    /// <param name="added">Tokens that are found in a text as it stands: these, and others that were added to the vocabulary.</param>
    private protected TextTokenizer(SpecialTokens ids, IEnumerable<AddedToken> added) => (Ids, _added) = (ids, new AddedTokenFinder(added));

    /// <summary>Ids of the special tokens.</summary>
    public SpecialTokens Ids { get; }

    /// <summary>Number of tokens in the vocabulary.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>Names of the files that a model's folder needs for this tokenizer.</summary>
    public abstract IReadOnlyList<string> FileNames { get; }

    /// <summary>Special tokens of one sentence, and of two.</summary>
    public (int One, int Two) SpecialCount => (2, 3 + SecondStart.Count);

    /// <summary>The tokens before the second sentence, after the separator of the first.</summary>
    private protected virtual IReadOnlyList<int> SecondStart => [];

    /// <summary>Whether the second sentence has a token type of its own, 1.</summary>
    private protected virtual bool HasTokenTypes => true;

    /// <summary>The text of a token, such as ##ing.</summary>
    public abstract string Token(int id);

    /// <summary>
    /// The ids of a text, without those that begin and end a sentence. A special token that is written out in the text keeps its id, as in
    /// transformers.
    /// </summary>
    public int[] Encode(string text)
    {
        var ids = new List<int>(text.Length / 3 + 4);
        foreach (var (start, end, special) in Parts(text))
        {
            if (special is { } id)
                ids.Add(id);
            else
                AppendPieces(text.AsSpan(start, end - start), ids);
        }
        return [.. ids];
    }

    /// <summary>The tokens of a text with their places in it; the same ids as <see cref="Encode"/>'s.</summary>
    public IReadOnlyList<LocatedToken> Locate(string text)
    {
        var tokens = new List<LocatedToken>(text.Length / 3 + 4);
        foreach (var (start, end, special) in Parts(text))
        {
            if (special is { } id)
                tokens.Add(new LocatedToken(id, start, end));
            else
                tokens.AddRange(
                    LocatePieces(text[start..end]).Select(token => new LocatedToken(token.Id, token.Start + start, token.End + start)));
        }
        return tokens;
    }

    /// <summary>
    /// [CLS] first [SEP], and second [SEP] where there is one. What is longer than <paramref name="maxLength"/> is cut from
    /// the end of the longer sentence until both are equally long, then from both ("longest_first").
    /// </summary>
    /// <returns>The ids, and how many of them have token type 0; the rest has type 1.</returns>
    public (int[] Ids, int FirstLength) EncodePair(string first, string? second, int maxLength)
    {
        var a = Encode(first);
        var b = second is null ? null : Encode(second);
        var specials = b is null ? SpecialCount.One : SpecialCount.Two;
        if (maxLength < specials)
            throw new ArgumentOutOfRangeException(nameof(maxLength), maxLength, $"There must be room for {specials} special tokens.");
        var (keepA, keepB) = LongestFirst(a.Length, b?.Length ?? 0, maxLength - specials);
        return b is null ? Join(a.AsSpan(0, keepA)) : Join(a.AsSpan(0, keepA), b.AsSpan(0, keepB));
    }

    /// <summary>One sentence with the special tokens around it.</summary>
    /// <inheritdoc cref="EncodePair" path="/returns"/>
    public (int[] Ids, int FirstLength) Join(ReadOnlySpan<int> first)
    {
        int[] ids = [Ids.Classification, .. first, Ids.Separator];
        return (ids, ids.Length);
    }

    /// <summary>Two sentences with the special tokens around them.</summary>
    /// <inheritdoc cref="EncodePair" path="/returns"/>
    public (int[] Ids, int FirstLength) Join(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        int[] ids = [Ids.Classification, .. first, Ids.Separator, .. SecondStart, .. second, Ids.Separator];
        return (ids, HasTokenTypes ? first.Length + 2 : ids.Length);
    }

    /// <summary>Adds the ids of a text that holds no special token.</summary>
    private protected abstract void AppendPieces(ReadOnlySpan<char> text, List<int> ids);

    /// <summary>The tokens of such a text.</summary>
    private protected abstract IEnumerable<LocatedToken> LocatePieces(string text);

    /// <summary>Where a special token that was found in a text begins, if the text before it belongs to it.</summary>
    private protected virtual int SpecialStart(string text, int from, int start, int id) => start;

    // The shorter side keeps at most half of the room, the longer one the rest; on a tie the second counts as the longer.
    private static (int First, int Second) LongestFirst(int first, int second, int room)
    {
        if (first + second <= room)
            return (first, second);
        var shorter = Math.Min(Math.Min(first, second), room / 2);
        return first > second ? (room - shorter, shorter) : (shorter, room - shorter);
    }

    // The text between special tokens, and these with their id.
    private IEnumerable<(int Start, int End, int? Special)> Parts(string text)
    {
        var start = 0;
        while (_added.Find(text, start) is var (offset, length, id))
        {
            var begin = SpecialStart(text, start, offset, id);
            if (begin > start)
                yield return (start, begin, null);
            yield return (offset, offset + length, id);
            start = offset + length;
        }
        if (start < text.Length)
            yield return (start, text.Length, null);
    }
}
