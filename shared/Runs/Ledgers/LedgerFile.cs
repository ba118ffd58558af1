using System.IO.Compression;
using System.Text;

namespace Replication.Runs;

/// <summary>The file with a ledger's lines, packed by gzip; a plain one, as versions before wrote it, is read and replaced.</summary>
internal static class LedgerFile
{
    /// <summary>Name of the file.</summary>
    public const string Name = "runs.jsonl.gz";

    /// <summary>Its name before it was packed.</summary>
    public const string PlainName = "runs.jsonl";

    /// <summary>Most bytes of lines that are packed or unpacked, some 28,000 runs: a small file can claim to hold any number.</summary>
    public const int MostBytes = 64 << 20;

    private const string Again = "get the file again, such as with 'git checkout'";

    // .NET packs nothing into no bytes, which no program takes for a packed file: a header, an empty block, the checksum and length of it.
    private static readonly byte[] PackedNothing = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    // .NET takes a packed file that was cut, or that is followed by something else, for a sound one. So this is unpacked behind it: it
    // arrives only where each member before it was whole. No line holds its bytes.
    private static readonly byte[] End = new byte[64];
    private static readonly byte[] PackedEnd = Compressed(End);

    /// <summary>Whether a folder has a plain file.</summary>
    public static bool HasPlain(string folder) => File.Exists(Path.Combine(folder, PlainName));

    /// <summary>The files that are there, the packed one first, with their lines.</summary>
    /// <exception cref="ReplicationException">One cannot be read, is not a sound gzip file or holds more than a ledger does.</exception>
    public static IEnumerable<(string Path, IReadOnlyList<string> Lines)> Read(string folder)
    {
        var (packed, plain) = (Path.Combine(folder, Name), Path.Combine(folder, PlainName));
        // First the plain one: where another process has just removed it, the packed one is there.
        var older = Older(plain);
        if (File.Exists(packed))
            yield return (packed, Lines(Unpack(packed)));
        if (older is not null)
            yield return (plain, older);
    }

    /// <summary>Makes the packed file hold some lines, unless it does, and removes the plain one.</summary>
    /// <param name="folder">The ledger's folder.</param>
    /// <param name="text">The lines, as <see cref="Bytes"/> makes them.</param>
    public static void Write(string folder, byte[] text)
    {
        var (path, plain) = (Path.Combine(folder, Name), Path.Combine(folder, PlainName));
        // Another machine's library may pack the same lines into other bytes; those are as good.
        if (!File.Exists(path) || !Unpack(path).AsSpan().SequenceEqual(text))
            AtomicFile.WriteBytes(path, Compressed(text));
        StorageFailure.Explain("Cannot remove", plain, () =>
        {
            File.Delete(plain);
            return true;
        });
    }

    /// <summary>Lines as they are packed.</summary>
    /// <exception cref="ReplicationException">They are more than would be read.</exception>
    public static byte[] Bytes(IReadOnlyCollection<string> lines)
    {
        var length = lines.Sum(line => Encoding.UTF8.GetByteCount(line) + 1L);
        return length <= MostBytes
            ? Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")))
            : throw new ReplicationException(
                $"The ledger would have {length >> 20} MiB of lines, and may have {MostBytes >> 20}; keep fewer runs in it.");
    }

    private static byte[] Compressed(byte[] text)
    {
        if (text.Length == 0)
            return PackedNothing;
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(text);
        return packed.ToArray();
    }

    private static byte[] Unpack(string path)
    {
        var packed = StorageFailure.Explain("Cannot read", path, () => File.ReadAllBytes(path));
        try
        {
            using var gzip = new GZipStream(new MemoryStream([.. packed, .. PackedEnd]), CompressionMode.Decompress);
            using var text = new MemoryStream();
            var buffer = new byte[1 << 16];
            while (gzip.Read(buffer) is > 0 and var count)
            {
                text.Write(buffer, 0, count);
                if (text.Length > MostBytes + End.Length)
                    throw new ReplicationException(
                        $"{path} unpacks to more than {MostBytes >> 20} MiB, which no ledger does; {Again}.");
            }
            var length = (int)text.Length - End.Length;
            if (packed.Length > 0 && length >= 0 && text.GetBuffer().AsSpan(length, End.Length).SequenceEqual(End))
                return text.GetBuffer()[..length];
        }
        catch (InvalidDataException e)
        {
            throw Unsound(path, e);
        }
        throw Unsound(path, null);
    }

    private static ReplicationException Unsound(string path, Exception? cause) =>
        new($"{path} is not a sound gzip file, or was cut, or something follows its end; {Again}.", inner: cause);

    private static string[]? Older(string plain)
    {
        try
        {
            return StorageFailure.Explain("Cannot read", plain, () => File.ReadAllLines(plain));
        }
        catch (ReplicationException e) when (e.InnerException is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static List<string> Lines(byte[] text)
    {
        using var reader = new StreamReader(new MemoryStream(text));
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
            lines.Add(line);
        return lines;
    }
}
