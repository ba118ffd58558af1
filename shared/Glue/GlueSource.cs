using System.Collections.Concurrent;

namespace Replication.Glue;

/// <summary>Finds and reads GLUE's data: in folders the user named, then in the repository, then among the downloads.</summary>
/// <param name="folders">Where to look.</param>
public sealed class GlueSource(DataFolders folders)
{
    private readonly ConcurrentDictionary<(string Task, GlueSplit Split), Lazy<GlueDataset>> _loaded = new();
    private readonly ConcurrentDictionary<(string Task, GlueSplit Split), bool> _warned = new();
    private readonly ChecksumFile _checksums = new(folders.Downloads, folders.Pins);

    /// <summary>The tasks beside GLUE.</summary>
    public TaskSource Tasks => field ??= new TaskSource(Folders) { Warn = Warn };

    /// <summary>Where this source looks.</summary>
    public DataFolders Folders { get; } = folders;

    /// <summary>Is told of a split that is not GLUE's own, once, when it is first read; null for none.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>Reads a split; a second call gives the same object.</summary>
    /// <param name="task">The task.</param>
    /// <param name="split">The split.</param>
    /// <exception cref="ReplicationException">Missing (says what it would take), malformed (file, line, column, what was expected), empty,
    /// or not the one that is pinned or recorded.</exception>
    public GlueDataset Load(GlueTask task, GlueSplit split)
    {
        var data = _loaded.GetOrAdd((task.Name, split), _ => new Lazy<GlueDataset>(
            () => Read(task, split), LazyThreadSafetyMode.PublicationOnly)).Value; // a failure is not cached: the data may be there later
        if (_warned.TryAdd((task.Name, split), true))
        {
            foreach (var warning in new[] { data.Warning, NotNamed(data) }.OfType<string>())
                Warn?.Invoke(warning);
        }
        return data;
    }

    /// <summary>
    /// Refuses a folder given with --data that holds none of some splits, so that others are not measured in their place.
    /// </summary>
    /// <exception cref="ReplicationException">It holds none of them, nor models, which it may be named for.</exception>
    public void CheckGiven(GlueTask task, IReadOnlyList<GlueSplit> splits)
    {
        if (Folders.Given is not { } given || splits.Any(split => SplitFiles.Find(Folders, task, split) is { IsNamed: true })
            || DataFolders.HoldsModels(given))
            return;
        var missing = splits.Select(split => $"{GlueCatalog.Describe(split)} of {task} ({SplitFiles.Expected(task, split)})");
        throw new ReplicationException(
            $"{given}, given with --data, holds no {string.Join(" and no ", missing)}; name another folder, or leave --data out for "
                + "GLUE's own.",
            ReplicationException.UsageError);
    }

    /// <summary>Whether a split is here.</summary>
    public bool Has(GlueTask task, GlueSplit split) => SplitFiles.Find(Folders, task, split) is not null;

    /// <summary>Refuses a split that is here and is not the one that is recorded or pinned; what the user named passes.</summary>
    /// <exception cref="ReplicationException">It is another, or cannot be read.</exception>
    public void Check(GlueTask task, GlueSplit split)
    {
        if (SplitFiles.Find(Folders, task, split) is not { IsNamed: false } files)
            return;
        // The digest of a file says as much as its content, and sooner.
        if (files.Paths.All(_checksums.Has))
            HoldToRecord(files);
        else
            Load(task, split);
    }

    // Says that GLUE's own split replaces one that the named folders lack, unless those hold only models.
    private string? NotNamed(GlueDataset data) =>
        Folders.Named.Any(folder => data.Source.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            || Folders.Named.All(DataFolders.HoldsModels) ? null
        : $"{string.Join(" and ", Folders.Named)} holds no {GlueCatalog.Describe(data.Split)} of {data.Task} "
            + $"({SplitFiles.Expected(data.Task, data.Split)}), so GLUE's own is used: {data.Source}.";

    private void HoldToRecord(SplitFiles files)
    {
        foreach (var path in files.Paths)
            _checksums.Hold(path, Digest.OfFile);
    }

    private GlueDataset Read(GlueTask task, GlueSplit split)
    {
        if (task.Name == GlueTasks.Imdb.Name)
            return Tasks.Imdb(split);
        var entry = GlueCatalog.Entry(task, split);
        var files = SplitFiles.Find(Folders, task, split) ?? throw new ReplicationException(
            $"The {GlueCatalog.Describe(split)} of {task} is not here; get it with '{DataFolders.FetchCommand(task.Name)}', or name a "
                + $"folder that holds {SplitFiles.Expected(task, split)} with --data.");

        if (!files.IsNamed)
            HoldToRecord(files);
        var examples = files.IsParquet
            ? ParquetSplitReader.Read(task, split, files.Paths)
            : TsvReader.Read(task, split, files.Paths[0], entry.Rows);
        var source = string.Join(", ", files.Paths);
        if (examples.Count == 0)
            throw new ReplicationException(
                $"{source} holds no rows where {task}'s {GlueCatalog.Describe(split)} has {entry.Rows}; get it again, or name another "
                + $"folder with --data.");
        var digest = ContentDigest.Of(examples);
        if (entry.Difference(examples.Count, digest, files.IsParquet) is not { } difference)
            return new GlueDataset(task, split, examples, digest, source);
        if (!files.IsNamed)
            throw new ReplicationException(
                $"{source} {difference}; delete it and get it again, or name its folder with --data to use it all the same.");
        return new GlueDataset(task, split, examples, digest, source)
        {
            Warning = $"{source} {difference}; it is used as it is, and what is measured with it does not compare with scores on "
                + $"GLUE's own data.",
        };
    }
}
