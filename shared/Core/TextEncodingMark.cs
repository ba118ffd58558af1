using System.Text;

namespace Replication;

/// <summary>What the first bytes of a text say about its encoding.</summary>
/// <param name="Name">The encoding's name for messages.</param>
/// <param name="Encoding">The encoding; it throws on invalid bytes.</param>
/// <param name="Unit">Bytes of a code unit.</param>
/// <param name="LineFeed">A line feed as a little-endian number of that many bytes.</param>
/// <param name="Preamble">Bytes of the mark.</param>
internal sealed record TextEncodingMark(string Name, Encoding Encoding, int Unit, uint LineFeed, int Preamble)
{
    private const int LongestMark = 4;

    private static readonly TextEncodingMark Plain = new("UTF-8", new UTF8Encoding(false, true), 1, '\n', 0);

    // UTF-32's little-endian mark begins with UTF-16's, so it comes before it.
    private static readonly TextEncodingMark[] Marked =
    [
        Plain with { Preamble = Encoding.UTF8.GetPreamble().Length },
        Of("UTF-32", new UTF32Encoding(bigEndian: false, byteOrderMark: true, throwOnInvalidCharacters: true), 4, '\n'),
        Of("UTF-32", new UTF32Encoding(bigEndian: true, byteOrderMark: true, throwOnInvalidCharacters: true), 4, (uint)'\n' << 24),
        Of("UTF-16", new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true), 2, '\n'),
        Of("UTF-16", new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true), 2, (uint)'\n' << 8),
    ];

    /// <summary>Whether the bytes may be the first of a mark, so that more of them are needed.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> start)
    {
        if (start.Length >= LongestMark)
            return false;
        foreach (var mark in Marked)
        {
            if (start.Length < mark.Bytes.Length && mark.Bytes.StartsWith(start))
                return true;
        }
        return start.Length == 0;
    }

    /// <summary>The encoding of a text.</summary>
    /// <param name="start">Its first bytes, four where it has as many.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="wide">Whether UTF-16 and UTF-32 are taken where a mark says so.</param>
    /// <exception cref="ReplicationException">It is UTF-16 or UTF-32 and not taken, or UTF-16 without a mark.</exception>
    public static TextEncodingMark Of(ReadOnlySpan<byte> start, string name, bool wide)
    {
        foreach (var mark in Marked)
        {
            if (!start.StartsWith(mark.Bytes))
                continue;
            return wide || mark.Unit == 1 ? mark : throw new ReplicationException(
                $"{name} is {mark.Name}, as its byte order mark says, where UTF-8 was expected; save it as UTF-8, and call again.");
        }
        // No text has a NUL among its first two characters, but every English one in UTF-16 has.
        if (start is [0, not 0, ..] or [not 0, 0, ..])
            throw new ReplicationException($"{name} looks like UTF-16 without a byte order mark; save it as UTF-8, and call again.");
        return Plain;
    }

    private ReadOnlySpan<byte> Bytes => Unit == 1 ? Encoding.UTF8.Preamble : Encoding.Preamble;

    private static TextEncodingMark Of(string name, Encoding encoding, int unit, uint lineFeed) =>
        new(name, encoding, unit, lineFeed, encoding.Preamble.Length);
}
