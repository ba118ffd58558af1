using Microsoft.ML.Tokenizers;

namespace Replication.Bert.Tokenization;

/// <summary>
/// A normalised text, and which characters of the original each of its UTF-16 units came from. A normaliser that works on single
/// characters is asked for each of them; where marks changed places, as they do in canonical order, they are found again.
/// </summary>
internal sealed class TextAlignment
{
    private readonly int[] _starts, _ends;

    private TextAlignment(int[] starts, int[] ends) => (_starts, _ends) = (starts, ends);

    /// <summary>Aligns a text with what a normaliser made of it.</summary>
    public static TextAlignment Of(string text, string normalized, Normalizer normalizer)
    {
        var parts = Characters(text, normalizer).ToList();
        var (starts, ends) = (new int[normalized.Length], new int[normalized.Length]);
        var used = new bool[parts.Count];
        var first = 0;
        for (var unit = 0; unit < normalized.Length && parts.Count > 0; unit++)
        {
            while (first < parts.Count && used[first])
                first++;
            var match = parts.FindIndex(first, part => part.Unit == normalized[unit] && !used[part.Index]);
            var part = parts[match < 0 ? Math.Min(first, parts.Count - 1) : match];
            used[part.Index] = true;
            (starts[unit], ends[unit]) = (part.Start, part.End);
        }
        return new TextAlignment(starts, ends);
    }

    /// <summary>The place in the original of some units of the normalised text, at least one.</summary>
    public (int Start, int End) Original(int start, int end) => (_starts[start], _ends[end - 1]);

    // The units that each character of the text becomes.
    private static IEnumerable<(int Index, char Unit, int Start, int End)> Characters(string text, Normalizer normalizer)
    {
        var (place, index) = (0, 0);
        var ascii = new string?[128];
        while (place < text.Length)
        {
            var length = char.IsSurrogatePair(text, place) ? 2 : 1;
            var normal = text[place] < 128
                ? ascii[text[place]] ??= normalizer.Normalize(text.AsSpan(place, 1))
                : normalizer.Normalize(text.AsSpan(place, length));
            foreach (var unit in normal)
                yield return (index++, unit, place, place + length);
            place += length;
        }
    }
}
