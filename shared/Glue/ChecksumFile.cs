namespace Replication.Glue;

/// <summary>
/// What downloads are held to: the digests that are pinned, and for other files checksums.json, which has those of their first downloads.
/// </summary>
/// <param name="folder">The folder of downloads.</param>
/// <param name="pins">The digests that are known beforehand.</param>
internal sealed class ChecksumFile(string folder, Pins pins)
{
    /// <summary>Its name.</summary>
    public const string FileName = "checksums.json";

    private readonly string _path = Path.Combine(folder, FileName);

    /// <summary>The digest that was recorded for a file; null where there is none.</summary>
    public string? Find(string name) => Read().GetValueOrDefault(name);

    /// <summary>Whether a digest is pinned or recorded for a file of this folder.</summary>
    public bool Has(string path) => Hub.PinOf(pins, NameOf(path)) is not null || Find(NameOf(path)) is not null;

    /// <summary>Refuses a file whose digest is another than the one pinned or recorded for it; a file without one passes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="digest">Digests a file; asked only where there is something to compare with.</param>
    /// <exception cref="ReplicationException">It is another file.</exception>
    public void Hold(string path, Func<string, string> digest)
    {
        if (Hub.PinOf(pins, NameOf(path)) is { } pinned && digest(path) is var sha256 && sha256 != pinned)
            throw new ReplicationException(
                $"{path} has the sha256 {sha256} where {pinned} is pinned; delete it and get it again with 'data fetch', or name its "
                + $"folder with --data to use it all the same.");
        if (Find(NameOf(path)) is { } recorded && digest(path) is var found && found != recorded)
        {
            throw new ReplicationException(
                $"{path} has the sha256 {found} where {recorded} was recorded in {_path} at its first download; delete it and get it "
                    + $"again with 'data fetch', or take its line out of {FileName} to keep it as it is.");
        }
    }

    /// <summary>Records a digest.</summary>
    public void Record(string name, string sha256)
    {
        var all = Read();
        all[name] = sha256;
        AtomicFile.WriteText(_path, Json.Text(all));
    }

    private string NameOf(string path) => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');

    // Where case does not matter to the file system, QNLI finds the folder that was downloaded as qnli.
    private SortedDictionary<string, string> Read() => File.Exists(_path)
        ? new SortedDictionary<string, string>(Json.Read<Dictionary<string, string>>(_path), StringComparer.OrdinalIgnoreCase)
        : new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
}
