namespace Replication.Glue;

/// <summary>Where the data of a task beside GLUE is.</summary>
/// <param name="Paths">One file or folder, or several Parquet files in order.</param>
/// <param name="IsParquet">Whether they are Parquet files in the hub's layout.</param>
/// <param name="IsNamed">Whether they are in a folder that the user named.</param>
internal sealed record TaskPlace(IReadOnlyList<string> Paths, bool IsParquet, bool IsNamed)
{
    /// <summary>The first of some candidates that is there; null where none is.</summary>
    /// <param name="folders">The folders of data.</param>
    /// <param name="files">Files and folders that hold the split, by the root they are looked for in.</param>
    /// <param name="parquet">Parquet files by root: a folder, and the beginning of the names of its files.</param>
    public static TaskPlace? Find(
        DataFolders folders, Func<string, IEnumerable<string>> files, Func<string, IEnumerable<(string Folder, string Name)>> parquet)
    {
        foreach (var (root, isNamed) in folders.Tasks)
        {
            if (files(root).FirstOrDefault(Path.Exists) is { } path)
                return new TaskPlace([path], IsParquet: false, isNamed);
            foreach (var (folder, name) in parquet(root).Where(place => Directory.Exists(place.Folder)))
            {
                if (Path.Combine(folder, name + ".parquet") is var single && File.Exists(single))
                    return new TaskPlace([single], IsParquet: true, isNamed);
                var shards = Directory.GetFiles(folder, name + "-*.parquet").Order(StringComparer.Ordinal).ToArray();
                if (shards.Length > 0)
                    return new TaskPlace(shards, IsParquet: true, isNamed);
            }
        }
        return null;
    }
}
