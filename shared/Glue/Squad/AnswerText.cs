using System.Globalization;
using System.Text;

namespace Replication.Glue.Squad;

/// <summary>
/// How both official scripts make answers comparable: lower case, without ASCII's punctuation, without the words a, an and the,
/// words joined by one blank. Characters are classed as Python does, whose regular expressions and letters the scripts use.
/// </summary>
public static class AnswerText
{
    private const char Sigma = 'Σ', FinalSigma = 'ς';

    private static readonly string[] Articles = ["a", "an", "the"];

    /// <summary>The text in comparable form; empty where nothing is left.</summary>
    public static string Normalize(string text) => string.Join(' ', Words(text));

    /// <summary>Its words.</summary>
    public static IReadOnlyList<string> Words(string text)
    {
        var kept = new StringBuilder(text.Length);
        var word = new StringBuilder();
        foreach (var rune in Lower(text).EnumerateRunes().Where(rune => !IsAsciiPunctuation(rune)))
        {
            if (IsWordCharacter(rune))
            {
                word.Append(rune.ToString());
                continue;
            }
            EndWord(kept, word);
            kept.Append(IsBlank(rune) ? " " : rune.ToString());
        }
        EndWord(kept, word);
        return kept.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    // An article that stands alone between characters of no word becomes a blank.
    private static void EndWord(StringBuilder kept, StringBuilder word)
    {
        var text = word.ToString();
        kept.Append(Articles.Contains(text, StringComparer.Ordinal) ? " " : text);
        word.Clear();
    }

    // Python's lower case follows Unicode's special casing: a capital I with dot becomes two characters, a last sigma its own form.
    private static string Lower(string text)
    {
        var runes = text.EnumerateRunes().ToArray();
        var lower = new StringBuilder(text.Length);
        for (var i = 0; i < runes.Length; i++)
        {
            lower.Append(runes[i].Value switch
            {
                'İ' => "i\u0307",
                Sigma => IsLast(runes, i) ? FinalSigma.ToString() : "σ",
                _ => Rune.ToLowerInvariant(runes[i]).ToString(),
            });
        }
        return lower.ToString();
    }

    private static bool IsLast(Rune[] runes, int place) =>
        runes.Take(place).Reverse().SkipWhile(IsIgnored).Take(1).Any(IsCased)
            && !runes.Skip(place + 1).SkipWhile(IsIgnored).Take(1).Any(IsCased);

    private static bool IsCased(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter
            or UnicodeCategory.TitlecaseLetter;

    private static bool IsIgnored(Rune rune) => rune.Value is '\'' or '.' or ':' or '’' or '·'
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
            or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;

    private static bool IsAsciiPunctuation(Rune rune) =>
        rune.IsAscii && rune.Value is >= '!' and <= '/' or >= ':' and <= '@' or >= '[' and <= '`' or >= '{' and <= '~';

    // Letters and numbers of any script; marks are none.
    private static bool IsWordCharacter(Rune rune) => Rune.IsLetter(rune) || Rune.IsNumber(rune);

    // Python's blanks include the four separators of ASCII.
    private static bool IsBlank(Rune rune) => Rune.IsWhiteSpace(rune) || rune.Value is >= 0x1C and <= 0x1F;
}
