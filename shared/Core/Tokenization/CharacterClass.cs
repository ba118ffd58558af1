using System.Globalization;
using System.Text;

namespace Replication.Bert.Tokenization;

/// <summary>The kinds of character that BERT's basic tokenizer tells apart.</summary>
internal static class CharacterClass
{
    /// <summary>
    /// Whether a character is deleted: control, format and private-use characters and the replacement character,
    /// but not tab, line feed and carriage return.
    /// </summary>
    public static bool IsDeleted(Rune rune) => rune.Value switch
    {
        '\t' or '\n' or '\r' => false,
        0xFFFD => true,
        < 0x80 => rune.Value is < 0x20 or 0x7F,
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse,
    };

    /// <summary>
    /// Whether a character is a token of its own: ASCII symbols (also $ + &lt; = &gt; ^ ` | ~) and Unicode's punctuation.
    /// </summary>
    public static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? rune.Value is >= '!' and <= '/' or >= ':' and <= '@' or >= '[' and <= '`' or >= '{' and <= '~'
        : Rune.IsPunctuation(rune);

    /// <summary>Whether a character lies in a block of CJK ideographs, each of which is a word; kana and hangul do not.</summary>
    public static bool IsIdeograph(Rune rune) => rune.Value is
        >= 0x4E00 and <= 0x9FFF or >= 0x3400 and <= 0x4DBF or >= 0xF900 and <= 0xFAFF or
        >= 0x20000 and <= 0x2A6DF or >= 0x2A700 and <= 0x2B81F or >= 0x2B920 and <= 0x2CEAF or >= 0x2F800 and <= 0x2FA1F;

    /// <summary>Whether Unicode has promised never to assign a character here; .NET refuses to normalise such text.</summary>
    public static bool IsNonCharacter(Rune rune) => (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF;
}
