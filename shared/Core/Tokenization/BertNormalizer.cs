using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace Replication.Bert.Tokenization;

/// <summary>
/// The text clean-up of the BERT models: control characters go, white space becomes a blank; and unless the settings say otherwise,
/// ideographs stand alone, accents are stripped (NFD without non-spacing marks), letters become lower case.
/// </summary>
internal sealed class BertNormalizer(WordPieceSettings settings) : Normalizer
{
    private const char Blank = ' ';

    private readonly bool _stripsAccents = settings.StripsAccents ?? settings.Lowercases;

    /// <inheritdoc/>
    public override string Normalize(string original) => Normalize(original.AsSpan());

    /// <inheritdoc/>
    public override string Normalize(ReadOnlySpan<char> original) =>
        Ascii.IsValid(original) ? NormalizeAscii(original) : Lower(WithoutAccents(Clean(original)));

    private string NormalizeAscii(ReadOnlySpan<char> original)
    {
        Span<char> buffer = original.Length <= 1024 ? stackalloc char[original.Length] : new char[original.Length];
        var length = 0;
        foreach (var c in original)
        {
            if (c is '\t' or '\n' or '\r')
                buffer[length++] = Blank;
            else if (c is >= ' ' and not '\x7F')
                buffer[length++] = settings.Lowercases ? char.ToLowerInvariant(c) : c;
        }
        return new string(buffer[..length]);
    }

    // A lone surrogate is enumerated as the replacement character, and so it is deleted.
    private string Clean(ReadOnlySpan<char> original)
    {
        var clean = new StringBuilder(original.Length + 16);
        foreach (var rune in original.EnumerateRunes())
        {
            if (CharacterClass.IsDeleted(rune))
                continue;
            if (Rune.IsWhiteSpace(rune))
                clean.Append(Blank);
            else if (settings.SplitsIdeographs && CharacterClass.IsIdeograph(rune))
                Append(clean.Append(Blank), rune).Append(Blank);
            else
                Append(clean, CharacterClass.IsNonCharacter(rune) ? Rune.ReplacementChar : rune); // neither is in any vocabulary
        }
        return clean.ToString();
    }

    private string WithoutAccents(string text)
    {
        if (!_stripsAccents)
            return text;
        var kept = new StringBuilder(text.Length);
        foreach (var rune in CanonicalDecomposition.Decompose(text).EnumerateRunes())
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
                Append(kept, rune);
        return kept.ToString();
    }

    private string Lower(string text)
    {
        if (!settings.Lowercases)
            return text;
        var lower = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // The one letter that becomes two in lower case; with its dot stripped it never comes here.
            if (rune.Value == 'İ')
                lower.Append("i\u0307");
            else
                Append(lower, Rune.ToLowerInvariant(rune));
        }
        return lower.ToString();
    }

    private static StringBuilder Append(StringBuilder text, Rune rune)
    {
        Span<char> utf16 = stackalloc char[2];
        return text.Append(utf16[..rune.EncodeToUtf16(utf16)]);
    }
}
