using System.IO.Compression;
using System.Text;

namespace Replication.Bert;

/// <summary>PyTorch's layout since 1.6: a zip with name/data.pkl and, uncompressed, name/data/0, name/data/1 and so on.</summary>
internal sealed class ZipPickle : IPickleContainer
{
    private const string PickleName = "/data.pkl";
    private const int MaxPickleBytes = 1 << 26;

    private readonly ZipArchive _zip;
    private readonly string _folder;

    public ZipPickle(string path)
    {
        _zip = ZipFile.OpenRead(path);
        try
        {
            var pickles = _zip.Entries.Where(e => e.FullName.EndsWith(PickleName, StringComparison.Ordinal)).ToList();
            if (pickles is not [var pickle] || pickle.Length > MaxPickleBytes)
                throw new PickleException("it is a zip without a pickled state dict");
            CheckStored(pickle);
            _folder = pickle.FullName[..^PickleName.Length];
            CheckByteOrder();
            using var stream = new BufferedStream(pickle.Open());
            Root = PickleMachine.Run(stream);
        }
        catch
        {
            _zip.Dispose();
            throw;
        }
    }

    public object? Root { get; }

    /// <summary>Whether a file begins as a zip does.</summary>
    public static bool IsZip(string path)
    {
        using var stream = File.OpenRead(path);
        var start = new byte[4];
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && start.AsSpan().SequenceEqual("PK\x03\x04"u8);
    }

    public long? Bytes(string key)
    {
        var entry = Storage(key);
        if (entry is not null)
            CheckStored(entry);
        return entry?.Length;
    }

    public void Read(string key, Span<byte> target)
    {
        using var stream = Storage(key)!.Open();
        stream.ReadExactly(target);
    }

    public void Dispose() => _zip.Dispose();

    private ZipArchiveEntry? Storage(string key) => _zip.GetEntry($"{_folder}/data/{key}");

    // PyTorch never compresses, so that a length in the directory is a length in the file.
    private static void CheckStored(ZipArchiveEntry entry)
    {
        if (entry.CompressedLength != entry.Length)
            throw new PickleException($"its part {entry.FullName} is compressed, which PyTorch never does");
    }

    private void CheckByteOrder()
    {
        if (_zip.GetEntry($"{_folder}/byteorder") is not { } entry)
            return;
        using var reader = new StreamReader(entry.Open(), Encoding.ASCII);
        var order = new char[8];
        if (new string(order, 0, reader.ReadBlock(order)) != "little")
            throw new PickleException("its numbers are not little-endian");
    }
}
