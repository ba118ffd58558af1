using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Replication.Glue;

/// <summary>A text file of a data set.</summary>
/// <param name="Place">Where it is, for messages: its path, or the archive's and its name in it.</param>
/// <param name="Name">Its path below the data set's root, with forward slashes.</param>
/// <param name="Text">Its content.</param>
internal sealed record TreeFile(string Place, string Name, string Text);

/// <summary>
/// The text files of a data set that is handed out as many small ones: a folder, or a tar.gz of one that is read as it is.
/// </summary>
internal static class TextTree
{
    // The longest passage or review has some thousand bytes; an archive may claim any number.
    private const int MostBytes = 1 << 22;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The files whose name is wanted, in the ordinal order of their names.</summary>
    /// <param name="path">A folder, or a file whose name ends in .tar.gz.</param>
    /// <param name="root">The name of the data set's root folder, which an archive's names begin with; a folder is that root
    /// itself.</param>
    /// <param name="wanted">Whether a file below the root is one of them, by its name with forward slashes.</param>
    /// <exception cref="ReplicationException">The folder or archive cannot be read, is cut off, or a wanted file is not UTF-8.</exception>
    public static IReadOnlyList<TreeFile> Read(string path, string root, Func<string, bool> wanted)
    {
        try
        {
            return [.. (Directory.Exists(path) ? OfFolder(path, wanted) : OfArchive(path, root, wanted))
                .OrderBy(file => file.Name, StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException or FormatException or NotSupportedException)
        {
            throw new ReplicationException($"{path} is no whole tar.gz: it is cut off or damaged, so get it again.", inner: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageFailure.Of("Cannot read", path, e);
        }
    }

    private static IEnumerable<TreeFile> OfFolder(string folder, Func<string, bool> wanted)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
            if (wanted(name))
                yield return new TreeFile(path, name, Text(path, File.ReadAllBytes(path)));
        }
    }

    private static IEnumerable<TreeFile> OfArchive(string path, string root, Func<string, bool> wanted)
    {
        using var file = File.OpenRead(path);
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        using var tar = new TarReader(unzipped);
        while (tar.GetNextEntry() is { } entry)
        {
            var whole = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
            if (entry.DataStream is null || !whole.StartsWith(root + "/", StringComparison.Ordinal))
                continue;
            var name = whole[(root.Length + 1)..];
            if (!wanted(name))
                continue;
            var place = $"{path}, {whole}";
            if (entry.Length > MostBytes)
                throw new ReplicationException(
                    $"{place}: {entry.Length} bytes where a text of at most {MostBytes} was expected; the archive is damaged, so get "
                    + $"it again.");
            var bytes = new byte[entry.Length];
            entry.DataStream.ReadExactly(bytes);
            yield return new TreeFile(place, name, Text(place, bytes));
        }
        // A stream that was cut between two entries ends without an error; its checksum is at its end.
        unzipped.CopyTo(Stream.Null);
    }

    private static string Text(string place, byte[] bytes)
    {
        try
        {
            return Strict.GetString(
                bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(Encoding.UTF8.Preamble.Length) : bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new ReplicationException($"{place}: not UTF-8 at byte {e.Index}; get the file again.", inner: e);
        }
    }
}
