using System.IO.Compression;
using System.Text;

namespace Replication.Corpus;

/// <summary>
/// A text file with a sentence a line and an empty line between documents, UTF-8, gzip if its name ends in ".gz". It is read
/// line by line, so that its size does not matter.
/// </summary>
public static class CorpusText
{
    /// <summary>Longest line in bytes; a longer one is no sentence but a file of another kind.</summary>
    public const int LongestLine = 1 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The lines of a file with their numbers, from 1; an empty one ends a document.</summary>
    /// <exception cref="ReplicationException">The file cannot be read, is not UTF-8, or has a line longer than <see cref="LongestLine"/>.</exception>
    public static IEnumerable<(long Number, string Text)> Lines(string path)
    {
        using var stream = Open(path);
        var buffer = new byte[1 << 16];
        var line = new MemoryStream();
        var number = 1L;
        while (Read(stream, buffer, path) is var count and > 0)
        {
            var start = 0;
            while (Array.IndexOf(buffer, (byte)'\n', start, count - start) is var end and >= 0)
            {
                Append(line, buffer.AsSpan(start, end - start), path, number);
                yield return (number, Decode(line, path, number));
                number++;
                start = end + 1;
            }
            Append(line, buffer.AsSpan(start, count - start), path, number);
        }
        if (line.Length > 0)
            yield return (number, Decode(line, path, number));
    }

    /// <summary>Reads a file to its end, to know before any training whether it can be used.</summary>
    /// <inheritdoc cref="Lines" path="/exception"/>
    /// <exception cref="ReplicationException">It holds no text.</exception>
    public static void Check(string path)
    {
        // Not Any(): the lines after the first text are to be read too.
        if (Lines(path).Count(line => line.Text.Length > 0) == 0)
            throw Empty(path);
    }

    /// <summary>What is said of a corpus without text.</summary>
    internal static ReplicationException Empty(string path) => new($"The corpus {path} is empty; it needs a sentence a line and an empty line between documents.");

    private static Stream Open(string path) => StorageFailure.Explain<Stream>("Cannot read the corpus", path, () =>
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
    });

    private static int Read(Stream stream, byte[] buffer, string path)
    {
        try
        {
            return StorageFailure.Explain("Cannot read the corpus", path, () => stream.Read(buffer));
        }
        catch (InvalidDataException e)
        {
            throw new ReplicationException($"The corpus {path} is not a sound gzip file; unpack it, or get it again.", inner: e);
        }
    }

    private static void Append(MemoryStream line, ReadOnlySpan<byte> bytes, string path, long number)
    {
        if (line.Length + bytes.Length > LongestLine)
            throw new ReplicationException(FormattableString.Invariant(
                $"{path}, line {number}: longer than {LongestLine} bytes; a corpus has a sentence a line and an empty line between documents."));
        line.Write(bytes);
    }

    private static string Decode(MemoryStream line, string path, long number)
    {
        try
        {
            var text = Strict.GetString(line.GetBuffer().AsSpan(0, (int)line.Length)).Trim().TrimStart('\uFEFF');
            line.SetLength(0);
            return text;
        }
        catch (DecoderFallbackException e)
        {
            throw new ReplicationException(FormattableString.Invariant(
                $"{path}, line {number}: not UTF-8 at byte {e.Index} of the line; save the corpus as UTF-8."), inner: e);
        }
    }
}
