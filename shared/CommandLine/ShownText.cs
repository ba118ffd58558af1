using System.Globalization;
using System.Text;

namespace Replication.CommandLine;

/// <summary>
/// Text that came from elsewhere, such as a label or a cell, as a terminal may be given it: what would steer the terminal is written out.
/// </summary>
internal static class ShownText
{
    /// <summary>As one line: tabs and line ends are written out too, so that they break no table.</summary>
    public static string Line(string text) => Show(text, keepsLines: false);

    /// <summary>As it is, line ends kept.</summary>
    public static string Lines(string text) => Show(text, keepsLines: true);

    private static string Show(string text, bool keepsLines)
    {
        if (!text.Any(c => IsSteering(c, keepsLines)))
            return text;
        var shown = new StringBuilder(text.Length + 16);
        foreach (var (place, c) in text.Index())
        {
            var isHalf = char.IsSurrogate(c) && !IsPaired(text, place);
            if (isHalf || (!char.IsSurrogate(c) && IsSteering(c, keepsLines)))
                shown.Append(Escape(c));
            else
                shown.Append(c);
        }
        return shown.ToString();
    }

    // Control characters, ends of lines and paragraphs, and those that turn the direction of writing; halves of a pair are looked at one by
    // one.
    private static bool IsSteering(char c, bool keepsLines) => c switch
    {
        '\n' => !keepsLines,
        _ when char.IsControl(c) || char.IsSurrogate(c) => true,
        '\u2028' or '\u2029' or '\u061C' or '\u200E' or '\u200F' => true,
        _ => c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069',
    };

    private static bool IsPaired(string text, int place) => char.IsHighSurrogate(text[place])
        ? place + 1 < text.Length && char.IsLowSurrogate(text[place + 1])
        : place > 0 && char.IsHighSurrogate(text[place - 1]);

    private static string Escape(char c) => c switch
    {
        '\t' => "\\t",
        '\n' => "\\n",
        '\r' => "\\r",
        < '\u0100' => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
    };
}
