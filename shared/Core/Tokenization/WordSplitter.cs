using System.Text;

namespace Replication.Bert.Tokenization;

/// <summary>Splits clean text at white space, and makes each punctuation character a word of its own.</summary>
internal static class WordSplitter
{
    /// <summary>The places of the words.</summary>
    public static List<(int Offset, int Length)> Split(ReadOnlySpan<char> text)
    {
        var words = new List<(int, int)>(text.Length / 4 + 1);
        var start = 0;
        var position = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.Utf16SequenceLength;
            var isPunctuation = CharacterClass.IsPunctuation(rune);
            if (isPunctuation || Rune.IsWhiteSpace(rune))
            {
                if (position > start)
                    words.Add((start, position - start));
                if (isPunctuation)
                    words.Add((position, length));
                start = position + length;
            }
            position += length;
        }
        if (position > start)
            words.Add((start, position - start));
        return words;
    }
}
