namespace Replication.Glue;

/// <summary>The file or files that hold a split.</summary>
/// <param name="Paths">One TSV file, or one or more Parquet files in order.</param>
/// <param name="IsParquet">Which of the two.</param>
/// <param name="IsNamed">Whether they lie in a folder that the user named.</param>
internal sealed record SplitFiles(IReadOnlyList<string> Paths, bool IsParquet, bool IsNamed)
{
    /// <summary>The first place that has the split; null where none has.</summary>
    public static SplitFiles? Find(DataFolders folders, GlueTask task, GlueSplit split)
    {
        var tsv = TaskLayout.TsvName(task, split) + ".tsv";
        var hub = TaskLayout.HubName(task, split);
        foreach (var (root, isNamed) in folders.Glue)
        {
            foreach (var folder in new[] { Path.Combine(root, task.Name), Path.Combine(root, TaskLayout.Of(task).Config) }.Where(Directory.Exists))
            {
                if (Path.Combine(folder, tsv) is var file && File.Exists(file))
                    return new SplitFiles([file], IsParquet: false, isNamed);
                if (Path.Combine(folder, hub + ".parquet") is var single && File.Exists(single))
                    return new SplitFiles([single], IsParquet: true, isNamed);
                var shards = Directory.GetFiles(folder, hub + "-*.parquet").Order(StringComparer.Ordinal).ToArray();
                if (shards.Length > 0)
                    return new SplitFiles(shards, IsParquet: true, isNamed);
            }
        }
        return null;
    }
}
