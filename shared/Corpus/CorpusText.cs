using System.IO.Compression;

namespace Replication.Corpus;

/// <summary>
/// A text file with a sentence a line and an empty line between documents, UTF-8, gzip if its name ends in ".gz". It is read
/// line by line, so that its size does not matter.
/// </summary>
public static class CorpusText
{
    /// <summary>Longest line in bytes; a longer one is not a sentence but a file of another kind.</summary>
    public const int LongestLine = 1 << 20;

    /// <summary>The lines of a file with their numbers, from 1; an empty one ends a document.</summary>
    /// <exception cref="ReplicationException">The file cannot be read, is not UTF-8, or has a line longer than
    /// <see cref="LongestLine"/>.</exception>
    public static IEnumerable<(long Number, string Text)> Lines(string path)
    {
        using var reader = new TextLineReader(Open(path), path, longest: LongestLine);
        while (Next(reader, path) is { } line)
            yield return (reader.LineNumber, line.Trim().TrimStart('\uFEFF'));
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
    internal static ReplicationException Empty(string path) =>
        new($"The corpus {path} is empty; it needs a sentence a line and an empty line between documents.");

    private static Stream Open(string path) => StorageFailure.Explain<Stream>("Cannot read the corpus", path, () =>
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
    });

    private static string? Next(TextLineReader reader, string path)
    {
        try
        {
            return reader.ReadLine();
        }
        catch (InvalidDataException e)
        {
            throw new ReplicationException($"The corpus {path} is not a sound gzip file; unpack it, or get it again.", inner: e);
        }
    }
}
