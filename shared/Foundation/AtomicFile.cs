using System.Text;

namespace Replication;

/// <summary>Writes a file so that a reader sees the old content or the new one, never a part of it.</summary>
public static class AtomicFile
{
    /// <summary>What the name of a file or folder ends in while it is written.</summary>
    internal const string Ending = ".partial";

    private const int MarkLength = 8;

    /// <summary>Lets <paramref name="write"/> fill a temporary file beside <paramref name="path"/>, then renames it over it.</summary>
    /// <remarks>
    /// Of several processes that write one file at once each has a temporary file of its own, and the last to end counts. A link stays, and
    /// what it leads to is replaced; a device or a named pipe, which nothing can replace, is written into.
    /// </remarks>
    /// <exception cref="ReplicationException">The disk is full, or the folder cannot be written to.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var full = FileSystemPlace.FinalTarget(path);
        var temporary = TemporaryName(full);
        // What this call has not opened, it does not delete.
        var opened = false;
        var isDevice = false;
        try
        {
            isDevice = FileSystemPlace.IsDevice(full);
            if (isDevice)
            {
                using var device = new FileStream(full, FileMode.Open, FileAccess.Write);
                write(device);
                return;
            }
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                opened = true;
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (opened)
                TryDelete(temporary);
            throw new ReplicationException(
                $"Cannot write {full}: {e.Message.TrimEnd('.')}{(isDevice ? "" : "; nothing was changed there")}.", inner: e);
        }
        catch when (opened)
        {
            TryDelete(temporary);
            throw;
        }
    }

    /// <summary>Writes text as UTF-8 without a byte-order mark.</summary>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Writes bytes.</summary>
    public static void WriteBytes(string path, ReadOnlyMemory<byte> bytes) => Write(path, stream => stream.Write(bytes.Span));

    /// <summary>
    /// Writes bytes unless the file holds them already: it keeps its date, and a folder that cannot be written to is no obstacle while
    /// nothing changes.
    /// </summary>
    public static void WriteIfChanged(string path, byte[] bytes)
    {
        if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes))
            WriteBytes(path, bytes);
    }

    /// <summary>A name beside a file that no other call uses: the file's, eight hexadecimal digits, the ending.</summary>
    internal static string TemporaryName(string path) => $"{path}.{Guid.NewGuid().ToString("N")[..MarkLength]}{Ending}";

    /// <summary>The name of the file that a temporary one becomes; the name itself where it is not a temporary one's.</summary>
    internal static string FinalName(string name)
    {
        var mark = name.Length - Ending.Length - MarkLength;
        return mark > 1 && name[mark - 1] == '.' && name.EndsWith(Ending, StringComparison.Ordinal)
            && name.AsSpan(mark, MarkLength).ContainsOnlyHex()
            ? name[..(mark - 1)]
            : name;
    }

    /// <summary>Deletes what killed processes have left of files in a folder and below; by a caller that holds the folder alone.</summary>
    internal static void DiscardLeftovers(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*" + Ending, SearchOption.AllDirectories)
            .Where(file => FinalName(file) != file))
            TryDelete(file);
    }

    private static bool ContainsOnlyHex(this ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigitLower(c))
                return false;
        }
        return true;
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one worth reporting.
        }
    }
}
