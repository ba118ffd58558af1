namespace Replication.Glue;

/// <summary>A file to fetch.</summary>
/// <param name="Url">Where from.</param>
/// <param name="Name">Its path below the folder of downloads, with forward slashes; also its name in checksums.json.</param>
/// <param name="Sha256">The digest that it must have; null where none is known beforehand.</param>
/// <param name="Bytes">The size that it must have; null where none is known beforehand.</param>
public sealed record DownloadRequest(Uri Url, string Name, string? Sha256 = null, long? Bytes = null)
{
    /// <summary>
    /// Reads a file whose digest is not known, and throws a <see cref="ReplicationException"/> where it is not what it should be; null for
    /// any content.
    /// </summary>
    public Action<string>? Check { get; init; }
}

/// <summary>How far a download is.</summary>
/// <param name="Name">The file.</param>
/// <param name="Bytes">Bytes that are here.</param>
/// <param name="Total">Bytes of the whole file; null where the server does not say.</param>
public readonly record struct DownloadProgress(string Name, long Bytes, long? Total);

/// <summary>What a downloaded file was held to.</summary>
public enum ChecksumOrigin
{
    /// <summary>A digest in the source.</summary>
    Pinned,

    /// <summary>The digest of an earlier download of the same file.</summary>
    Recorded,

    /// <summary>Nothing: it is the first download, whose digest was written down.</summary>
    FirstSeen,
}

/// <summary>A file that is here, whole and checked.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its digest.</param>
/// <param name="Origin">What the digest was compared with.</param>
/// <param name="WasThere">Whether it was there already, so that nothing was fetched.</param>
public sealed record DownloadResult(string Path, long Bytes, string Sha256, ChecksumOrigin Origin, bool WasThere)
{
    /// <summary>One line for people.</summary>
    public string Describe() => FormattableString.Invariant(
        $"{Path} ({Bytes / 1e6:0.0} MB){(WasThere ? " is there already" : "")}: sha256 {Sha256[..12]}... ") + Origin switch
        {
            ChecksumOrigin.Pinned => "as pinned in the source",
            ChecksumOrigin.Recorded => "as recorded at the first download",
            _ => $"recorded in {ChecksumFile.FileName}, for none is pinned; later downloads are held to it",
        };
}
