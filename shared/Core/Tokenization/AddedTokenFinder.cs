using System.Buffers;
using System.Globalization;
using System.Text;

namespace Replication.Bert.Tokenization;

/// <summary>Finds added tokens in a text: the leftmost first, and of several that begin at one place the longest.</summary>
internal sealed class AddedTokenFinder
{
    private readonly IReadOnlyList<AddedToken> _tokens;
    private readonly SearchValues<string>? _texts;

    /// <summary>Creates a finder of some tokens.</summary>
    public AddedTokenFinder(IEnumerable<AddedToken> tokens)
    {
        _tokens = [.. tokens.Where(token => token.Text.Length > 0).OrderByDescending(token => token.Text.Length)];
        _texts = _tokens.Count == 0 ? null : SearchValues.Create([.. _tokens.Select(token => token.Text)], StringComparison.Ordinal);
    }

    /// <summary>The first token in a text from a place on; null where there is none.</summary>
    public (int Offset, int Length, int Id)? Find(string text, int start)
    {
        if (_texts is null)
            return null;
        for (var place = start; text.AsSpan(place).IndexOfAny(_texts) is var index and >= 0; place++)
        {
            place += index;
            foreach (var token in _tokens)
                if (string.CompareOrdinal(text, place, token.Text, 0, token.Text.Length) == 0
                    && (!token.IsWord || StandsAlone(text, place, token.Text.Length)))
                    return (place, token.Text.Length, token.Id);
        }
        return null;
    }

    private static bool StandsAlone(string text, int place, int length) =>
        (Rune.DecodeLastFromUtf16(text.AsSpan(0, place), out var before, out _) != OperationStatus.Done || !IsOfAWord(before))
        && (Rune.DecodeFromUtf16(text.AsSpan(place + length), out var after, out _) != OperationStatus.Done || !IsOfAWord(after));

    private static bool IsOfAWord(Rune rune) => Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.EnclosingMark or UnicodeCategory.ConnectorPunctuation;
}
