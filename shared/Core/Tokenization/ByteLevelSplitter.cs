using System.Text;
using Microsoft.ML.Tokenizers;

namespace Replication.Bert.Tokenization;

/// <summary>
/// Splits a text as GPT-2's byte-level BPE does: English contractions; a blank with letters, with numbers, or with other characters;
/// white space, whose last character goes with what follows. Characters are code points, which a regular expression of .NET has not.
/// </summary>
internal sealed class ByteLevelSplitter : PreTokenizer
{
    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private enum Kind
    {
        Blank, Letter, Number, Other,
    }

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => PreTokenize(text.AsSpan());

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text)
    {
        var words = new List<(int, int)>(text.Length / 4 + 1);
        for (var place = 0; place < text.Length;)
        {
            var length = WordAt(text[place..]);
            words.Add((place, length));
            place += length;
        }
        return words;
    }

    private static int WordAt(ReadOnlySpan<char> text)
    {
        foreach (var contraction in Contractions)
            if (text.StartsWith(contraction, StringComparison.Ordinal))
                return contraction.Length;
        var begin = text[0] == ' ' && text.Length > 1 && KindAt(text[1..], out _) != Kind.Blank ? 1 : 0;
        var kind = KindAt(text[begin..], out _);
        var end = begin;
        while (end < text.Length && KindAt(text[end..], out var length) == kind)
            end += length;
        // The last of several blanks, each of which is one unit, is left to the word that follows.
        return kind == Kind.Blank && end < text.Length && end > 1 ? end - 1 : end;
    }

    private static Kind KindAt(ReadOnlySpan<char> text, out int length)
    {
        // Half a surrogate pair is of no kind.
        Rune.DecodeFromUtf16(text, out var rune, out length);
        return Rune.IsWhiteSpace(rune) ? Kind.Blank : Rune.IsLetter(rune) ? Kind.Letter : Rune.IsNumber(rune) ? Kind.Number : Kind.Other;
    }
}
