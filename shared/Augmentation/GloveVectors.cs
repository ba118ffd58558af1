using System.Globalization;
using System.Numerics;

namespace Replication.Augmentation;

/// <summary>
/// Word vectors from a GloVe text file: a word and its numbers a line, blanks between them. The first line tells how many numbers
/// there are; the fields before these are the word, which may hold blanks. Finds the words nearest
/// to a word by cosine.
/// </summary>
public sealed class GloveVectors
{
    /// <summary>How many of the file's words, the most frequent first, the authors' program reads.</summary>
    public const int OfficialWords = 100_000;

    private readonly Dictionary<string, int> _places;
    private readonly List<string> _words;
    private readonly List<float[]> _vectors;

    private GloveVectors(List<string> words, List<float[]> vectors)
    {
        (_words, _vectors) = (words, vectors);
        _places = new(StringComparer.Ordinal);
        // Of equal words, which public files hold, the first counts, as it is the more frequent.
        foreach (var (index, word) in words.Index())
            _places.TryAdd(word, index);
    }

    /// <summary>Reads the first words of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="words">Most words that are read.</param>
    /// <exception cref="ReplicationException">The file cannot be read or is empty, or a line has too few numbers, or one that is none; the
    /// message names the line.</exception>
    public static GloveVectors Read(string path, int words = OfficialWords)
    {
        using var reader = TextLineReader.Open(path, "Cannot read the word vectors");
        var (names, vectors) = (new List<string>(), new List<float[]>());
        foreach (var (index, line) in reader.Rest().Take(words).Index())
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var expected = vectors.Count == 0 ? fields.Length - 1 : vectors[0].Length;
            if (index == 0 && fields.Length == 2
                && fields.All(field => int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
                throw Bad(path, index, $"'{line}' is the header of another format (word2vec's or fastText's); remove this line");
            if (fields.Length < 2 || fields.Length - 1 < expected)
                throw Bad(path, index,
                    $"{Math.Max(0, fields.Length - 1)} numbers after the word where {Math.Max(1, expected)} were expected");
            var (vector, first) = (new float[expected], fields.Length - expected);
            for (var i = 0; i < expected; i++)
            {
                if (!float.TryParse(fields[first + i], NumberStyles.Float, CultureInfo.InvariantCulture, out vector[i]))
                    throw Bad(path, index, $"'{fields[first + i]}' is not a number");
            }
            var norm = MathF.Sqrt(Dot(vector, vector));
            names.Add(string.Join(' ', fields[..first]));
            vectors.Add(norm > 0 ? Array.ConvertAll(vector, value => value / norm) : vector);
        }
        return names.Count > 0
            ? new GloveVectors(names, vectors)
            : throw new ReplicationException($"The word vectors {path} are empty; a word and its numbers a line were expected.");
    }

    /// <summary>The nearest other words, nearest first; none for a word that has no vector.</summary>
    public IReadOnlyList<string> Nearest(string word, int count)
    {
        if (!_places.TryGetValue(word, out var place))
            return [];
        var own = _vectors[place];
        return [.. _vectors.Index()
            .Where(v => v.Index != place)
            .Select(v => (v.Index, Cosine: Dot(own, v.Item)))
            .OrderByDescending(v => v.Cosine).ThenBy(v => v.Index)
            .Take(count)
            .Select(v => _words[v.Index])];
    }

    // Vector by vector: a word is compared with 100,000 others of 300 numbers.
    private static float Dot(float[] a, float[] b)
    {
        var width = Vector<float>.Count;
        var sums = Vector<float>.Zero;
        var i = 0;
        for (; i <= a.Length - width; i += width)
            sums += new Vector<float>(a, i) * new Vector<float>(b, i);
        var sum = Vector.Sum(sums);
        for (; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static ReplicationException Bad(string path, int index, string what) =>
        new(FormattableString.Invariant(
            $"{path}, line {index + 1}: {what}; a GloVe file has a word and equally many numbers on each line."));
}
