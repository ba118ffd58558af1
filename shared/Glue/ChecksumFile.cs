namespace Replication.Glue;

/// <summary>checksums.json among the downloads: the digest of every file at its first download.</summary>
/// <param name="folder">The folder of downloads.</param>
internal sealed class ChecksumFile(string folder)
{
    /// <summary>Its name.</summary>
    public const string FileName = "checksums.json";

    private readonly string _path = Path.Combine(folder, FileName);

    /// <summary>The digest that was recorded for a file; null where there is none.</summary>
    public string? Find(string name) => Read().GetValueOrDefault(name);

    /// <summary>Records a digest.</summary>
    public void Record(string name, string sha256)
    {
        var all = Read();
        all[name] = sha256;
        AtomicFile.WriteText(_path, Json.Text(all));
    }

    private SortedDictionary<string, string> Read() => File.Exists(_path)
        ? new SortedDictionary<string, string>(Json.Read<Dictionary<string, string>>(_path), StringComparer.Ordinal)
        : new SortedDictionary<string, string>(StringComparer.Ordinal);
}
