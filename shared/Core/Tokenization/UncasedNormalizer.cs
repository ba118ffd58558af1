using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace Replication.Bert.Tokenization;

/// <summary>
/// The text clean-up of the uncased BERT models: control characters go, white space becomes a blank, ideographs stand
/// alone, accents are stripped (NFD without non-spacing marks), letters become lower case.
/// </summary>
internal sealed class UncasedNormalizer : Normalizer
{
    private const char Blank = ' ';

    /// <inheritdoc/>
    public override string Normalize(string original) => Normalize(original.AsSpan());

    /// <inheritdoc/>
    public override string Normalize(ReadOnlySpan<char> original) =>
        Ascii.IsValid(original) ? NormalizeAscii(original) : LowerWithoutAccents(CanonicalDecomposition.Decompose(Clean(original)));

    private static string NormalizeAscii(ReadOnlySpan<char> original)
    {
        Span<char> buffer = original.Length <= 1024 ? stackalloc char[original.Length] : new char[original.Length];
        var length = 0;
        foreach (var c in original)
        {
            if (c is '\t' or '\n' or '\r')
                buffer[length++] = Blank;
            else if (c is >= ' ' and not '\x7F')
                buffer[length++] = char.ToLowerInvariant(c);
        }
        return new string(buffer[..length]);
    }

    // A lone surrogate is enumerated as the replacement character, and so it is deleted.
    private static string Clean(ReadOnlySpan<char> original)
    {
        var clean = new StringBuilder(original.Length + 16);
        foreach (var rune in original.EnumerateRunes())
        {
            if (CharacterClass.IsDeleted(rune))
                continue;
            if (Rune.IsWhiteSpace(rune))
                clean.Append(Blank);
            else if (CharacterClass.IsIdeograph(rune))
                Append(clean.Append(Blank), rune).Append(Blank);
            else
                Append(clean, CharacterClass.IsNonCharacter(rune) ? Rune.ReplacementChar : rune); // neither is in any vocabulary
        }
        return clean.ToString();
    }

    private static string LowerWithoutAccents(string decomposed)
    {
        var lower = new StringBuilder(decomposed.Length);
        foreach (var rune in decomposed.EnumerateRunes())
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
                Append(lower, Rune.ToLowerInvariant(rune));
        return lower.ToString();
    }

    private static StringBuilder Append(StringBuilder text, Rune rune)
    {
        Span<char> utf16 = stackalloc char[2];
        return text.Append(utf16[..rune.EncodeToUtf16(utf16)]);
    }
}
