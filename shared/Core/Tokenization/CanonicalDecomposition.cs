using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Replication.Bert.Tokenization;

/// <summary>
/// Unicode's canonical decomposition (NFD) by a table of our own: .NET's Normalize asks ICU, and where there is none (globalization
/// invariant mode, usual in small container images) it leaves everything but ASCII as it is. Marks stay in the order in which
/// they come, which is enough where marks are dropped.
/// </summary>
internal static class CanonicalDecomposition
{
    // Hangul syllables decompose by arithmetic (The Unicode Standard, section 3.12).
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7;
    private const int VowelCount = 21, TailCount = 28, SyllableCount = 19 * VowelCount * TailCount;

    private const string Resource = "Replication.Bert.Tokenization.CanonicalDecompositions.txt";

    private static readonly FrozenDictionary<int, string> Table = Read();

    /// <summary>The text with every character decomposed.</summary>
    public static string Decompose(string text)
    {
        var decomposed = new StringBuilder(text.Length + 16);
        Span<char> utf16 = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value - SyllableBase is >= 0 and < SyllableCount and var syllable)
                AppendSyllable(decomposed, syllable);
            else if (Table.TryGetValue(rune.Value, out var parts))
                decomposed.Append(parts);
            else
                decomposed.Append(utf16[..rune.EncodeToUtf16(utf16)]);
        }
        return decomposed.ToString();
    }

    private static void AppendSyllable(StringBuilder text, int syllable)
    {
        text.Append((char)(LeadBase + (syllable / (VowelCount * TailCount))))
            .Append((char)(VowelBase + (syllable / TailCount % VowelCount)));
        if (syllable % TailCount is > 0 and var tail)
            text.Append((char)(TailBase + tail));
    }

    // A line a character: its code point and those of its full decomposition, in hexadecimal.
    private static FrozenDictionary<int, string> Read()
    {
        using var stream = typeof(CanonicalDecomposition).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} was not embedded in the assembly.");
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var table = new Dictionary<int, string>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            int[] points = [.. line.Split(' ').Select(point => int.Parse(point, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
            table.Add(points[0], string.Concat(points.Skip(1).Select(char.ConvertFromUtf32)));
        }
        return table.ToFrozenDictionary();
    }
}
