using System.Text;
using Spectre.Console;

namespace Replication.CommandLine;

/// <summary>A piece of a line; those of the highest rank are the first to go where the line is too long.</summary>
internal readonly record struct LinePart(string Text, int Rank);

/// <summary>Text within the columns of a terminal: broken at words, never within one.</summary>
internal static class TextWidth
{
    private const string Gap = "  ", Ellipsis = "…";

    /// <summary>
    /// The pieces with gaps between them, without those that do not fit; the most important one is shortened at a word where it alone is
    /// too long.
    /// </summary>
    public static string Fit(IEnumerable<LinePart> parts, int columns)
    {
        var kept = parts.Where(part => part.Text.Length > 0).ToList();
        while (kept.Count > 1 && Columns(kept) > columns)
            kept.RemoveAt(kept.FindLastIndex(part => part.Rank == kept.Max(other => other.Rank)));
        return Columns(kept) <= columns ? Joined(kept) : Shorten(kept[0].Text, columns);
    }

    /// <summary>The words that fit, with an ellipsis for the others; "" where not even the first does.</summary>
    public static string Shorten(string text, int columns)
    {
        if (text.GetCellWidth() <= columns)
            return text;
        var lines = Wrap(text, columns - Ellipsis.Length);
        return lines[0].GetCellWidth() + Ellipsis.Length <= columns ? lines[0].TrimEnd(',', ';', ':') + Ellipsis : "";
    }

    /// <summary>The lines of a text, indented as its first is; a word longer than a line has one of its own.</summary>
    public static IReadOnlyList<string> Wrap(string text, int columns)
    {
        var words = text.TrimStart(' ');
        var indent = text[..^words.Length];
        var lines = new List<string>();
        var line = new StringBuilder(indent);
        var width = indent.Length;
        foreach (var (index, word) in words.Split(' ').Index())
        {
            var needed = word.GetCellWidth();
            if (width > indent.Length && width + 1 + needed > columns)
            {
                lines.Add(line.ToString());
                line.Clear().Append(indent);
                width = indent.Length;
            }
            else if (index > 0)
            {
                line.Append(' ');
                width++;
            }
            line.Append(word);
            width += needed;
        }
        lines.Add(line.ToString());
        return lines;
    }

    /// <summary>Two pieces with a gap between them, or the one that is not empty.</summary>
    public static string Join(string first, string second) =>
        first.Length == 0 ? second : second.Length == 0 ? first : first + Gap + second;

    /// <summary>Columns of a text with the gap behind it.</summary>
    public static int WithGap(string text) => text.GetCellWidth() + Gap.Length;

    private static int Columns(IReadOnlyCollection<LinePart> parts) => parts.Sum(part => WithGap(part.Text)) - Gap.Length;

    private static string Joined(IEnumerable<LinePart> parts) => string.Join(Gap, parts.Select(part => part.Text));
}
