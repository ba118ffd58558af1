using System.Collections.Concurrent;

namespace Replication;

/// <summary>sha256 digests of files, each taken once and again only where the file's size or time of writing has changed.</summary>
public sealed class FileDigests
{
    private readonly ConcurrentDictionary<(string Path, long Length, DateTime Written), string> _known = new();

    /// <summary>A file's digest.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public string Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists
            ? _known.GetOrAdd((file.FullName, file.Length, file.LastWriteTimeUtc), _ => Digest.OfFile(path))
            : throw new FileNotFoundException($"There is no file {path}.", path);
    }
}
