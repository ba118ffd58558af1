namespace Replication;

/// <summary>Places in a text, counted in code points as SQuAD counts them, and in UTF-16 units as .NET does.</summary>
internal static class CodePoints
{
    /// <summary>The number of code points before a UTF-16 unit; half a surrogate pair counts as one.</summary>
    public static int Before(string text, int unit)
    {
        var count = 0;
        for (var i = 0; i < unit; i += IsPair(text, i) ? 2 : 1)
            count++;
        return count;
    }

    /// <summary>The UTF-16 unit at which a code point begins; -1 where the text has fewer.</summary>
    public static int ToUnit(string text, int codePoint)
    {
        var unit = 0;
        for (var count = 0; count < codePoint; count++)
        {
            if (unit >= text.Length)
                return -1;
            unit += IsPair(text, unit) ? 2 : 1;
        }
        return unit;
    }

    private static bool IsPair(string text, int unit) => unit + 1 < text.Length && char.IsSurrogatePair(text[unit], text[unit + 1]);
}
