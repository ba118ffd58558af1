using System.Security.Cryptography;

namespace Replication.Corpus;

/// <summary>A file that grows at its end and knows the sha256 of all that it holds.</summary>
internal sealed class HashedFile : IDisposable
{
    private const int Block = 1 << 16;

    private readonly FileStream _stream;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private HashedFile(string path) => _stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, Block);

    /// <summary>sha256 of what was written so far.</summary>
    public string Sha256 => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Begins a file anew. One of its name that another process still reads stays with that process.</summary>
    public static HashedFile Create(string path)
    {
        File.Delete(path);
        return new HashedFile(path);
    }

    /// <summary>Resumes a file at a length, cutting off the rest; null where its beginning is not what was written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">Bytes that count.</param>
    /// <param name="sha256">Their digest.</param>
    public static HashedFile? TryResume(string path, long length, string? sha256)
    {
        if (length < 0 || !File.Exists(path) || new FileInfo(path).Length < length)
            return null;
        var file = new HashedFile(path);
        file._stream.SetLength(length);
        var block = new byte[Block];
        while (file._stream.Read(block) is var count and > 0)
            file._hash.AppendData(block, 0, count);
        if (file.Sha256 == sha256)
            return file;
        file.Dispose();
        return null;
    }

    /// <summary>Appends bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        _stream.Write(bytes);
        _hash.AppendData(bytes);
    }

    /// <summary>Brings all of it to the disk.</summary>
    public void Flush() => _stream.Flush(flushToDisk: true);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        _hash.Dispose();
    }
}
