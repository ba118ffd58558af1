using System.IO.Compression;

namespace Replication.Runs;

/// <summary>
/// Long texts of committed evidence are kept compressed, a file named name.gz in the place of name; what reads a run finds
/// either, and digests are those of the text itself.
/// </summary>
internal static class PackedFile
{
    private const string Suffix = ".gz";
    private const long ShortestPacked = 2048;

    /// <summary>Whether a file is there, plain or compressed.</summary>
    public static bool Exists(string path) => File.Exists(path) || File.Exists(path + Suffix);

    /// <summary>Opens a file's content.</summary>
    public static Stream Open(string path) =>
        File.Exists(path) ? File.OpenRead(path) : new GZipStream(File.OpenRead(path + Suffix), CompressionMode.Decompress);

    /// <summary>Digest of a file's content; of a compressed file that cannot be read, of nothing that was ever written.</summary>
    public static string Digest(string path)
    {
        try
        {
            using var content = Open(path);
            return Replication.Digest.OfStream(content);
        }
        catch (InvalidDataException)
        {
            return "";
        }
    }

    /// <summary>Copies a file, compressed if it is a long text.</summary>
    public static void Copy(string from, string to)
    {
        var isLongText = Path.GetExtension(from) is ".jsonl" or ".tsv" or ".json" && new FileInfo(from).Length >= ShortestPacked;
        using var source = Open(from);
        using var file = File.Create(isLongText ? to + Suffix : to);
        if (!isLongText)
        {
            source.CopyTo(file);
            return;
        }
        using var packed = new GZipStream(file, CompressionLevel.SmallestSize);
        source.CopyTo(packed);
    }
}
