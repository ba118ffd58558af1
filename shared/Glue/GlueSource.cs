using System.Collections.Concurrent;

namespace Replication.Glue;

/// <summary>Finds and reads GLUE's data: in folders the user named, then in the repository, then among the downloads.</summary>
/// <param name="folders">Where to look.</param>
public sealed class GlueSource(DataFolders folders)
{
    private readonly ConcurrentDictionary<(string Task, GlueSplit Split), Lazy<GlueDataset>> _loaded = new();

    /// <summary>Where this source looks.</summary>
    public DataFolders Folders { get; } = folders;

    /// <summary>Reads a split; a second call gives the same object.</summary>
    /// <param name="task">The task.</param>
    /// <param name="split">The split.</param>
    /// <exception cref="ReplicationException">Missing (says what it would take) or malformed (file, line, column, what was expected).</exception>
    public GlueDataset Load(GlueTask task, GlueSplit split) =>
        _loaded.GetOrAdd((task.Name, split), _ => new Lazy<GlueDataset>(
            () => Read(task, split), LazyThreadSafetyMode.PublicationOnly)).Value; // a failure is not kept: the data may be got meanwhile

    /// <summary>Whether a split is here.</summary>
    public bool Has(GlueTask task, GlueSplit split) => SplitFiles.Find(Folders, task, split) is not null;

    private GlueDataset Read(GlueTask task, GlueSplit split)
    {
        var entry = GlueCatalog.Entry(task, split);
        var files = SplitFiles.Find(Folders, task, split) ?? throw new ReplicationException(
            $"The {GlueCatalog.Describe(split)} of {task} is not here; get it with '{DataFolders.FetchCommand(task.Name)}', or name a folder that holds {task}/{TaskLayout.TsvName(task, split)}.tsv with --data.");

        var examples = files.IsParquet
            ? ParquetSplitReader.Read(task, split, files.Paths)
            : TsvReader.Read(task, split, files.Paths[0], entry.Rows);
        var digest = ContentDigest.Of(examples);
        var source = string.Join(", ", files.Paths);
        if (entry.Difference(examples.Count, digest, files.IsParquet) is not { } difference)
            return new GlueDataset(task, split, examples, digest, source);
        if (!files.IsNamed)
            throw new ReplicationException($"{source} {difference}; delete it and get it again, or name its folder with --data to use it all the same.");
        return new GlueDataset(task, split, examples, digest, $"{source} (warning: it {difference})");
    }
}
