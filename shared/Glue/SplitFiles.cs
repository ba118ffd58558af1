namespace Replication.Glue;

/// <summary>The file or files that hold a split.</summary>
/// <param name="Paths">One TSV file, or one or more Parquet files in order.</param>
/// <param name="IsParquet">Which of the two.</param>
/// <param name="IsNamed">Whether they are in a folder that the user named.</param>
internal sealed record SplitFiles(IReadOnlyList<string> Paths, bool IsParquet, bool IsNamed)
{
    /// <summary>The first place that has the split; null where none has.</summary>
    /// <exception cref="ReplicationException">A folder that the user named may have it under another spelling, but it is not clear
    /// where.</exception>
    public static SplitFiles? Find(DataFolders folders, GlueTask task, GlueSplit split)
    {
        if (task.Name == GlueTasks.Imdb.Name)
            return Imdb.ImdbFiles.Find(folders, split) is { } place ? new SplitFiles(place.Paths, place.IsParquet, place.IsNamed) : null;
        var (named, own) = (folders.Glue.Where(place => place.IsNamed).ToList(), folders.Glue.Where(place => !place.IsNamed));
        return FindExact(named, task, split)
            ?? FindSpelled([.. named.Select(place => place.Folder)], task, split)
            ?? FindExact(own, task, split);
    }

    /// <summary>How a split is expected in a folder, such as SST-2/dev.tsv.</summary>
    public static string Expected(GlueTask task, GlueSplit split) =>
        task.Name == GlueTasks.Imdb.Name ? Imdb.ImdbFiles.Archive : $"{task}/{TaskLayout.TsvName(task, split)}.tsv";

    private static SplitFiles? FindExact(IEnumerable<(string Folder, bool IsNamed)> places, GlueTask task, GlueSplit split)
    {
        var tsv = TaskLayout.TsvName(task, split) + ".tsv";
        var hub = TaskLayout.HubName(task, split);
        foreach (var (root, isNamed) in places)
        {
            string[] names = [task.Name, TaskLayout.Of(
                task).Config, .. task.Name == GlueTasks.Diagnostic.Name ? (string[])[TaskLayout.DiagnosticName] : []];
            foreach (var folder in names.Select(name => Path.Combine(root, name)).Where(Directory.Exists))
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

    // Under another spelling, in the folder itself or one level deeper.
    private static SplitFiles? FindSpelled(IReadOnlyList<string> roots, GlueTask task, GlueSplit split)
    {
        var folders = TaskFolders(roots, task);
        var found = folders
            .SelectMany(folder => Directory.GetFiles(folder).Where(file => SplitNames.IsSplit(Path.GetFileName(file), task, split)))
            .GroupBy(file => Path.Combine(Path.GetDirectoryName(file)!, SplitNames.WithoutPart(file)), StringComparer.Ordinal)
            .OrderBy(file => file.Key, StringComparer.Ordinal)
            .ToList();
        if (found is [var only])
            return new SplitFiles([.. only.Order(StringComparer.Ordinal)], SplitNames.IsParquet(only.Key), IsNamed: true);
        var unclear = found.Count > 0
            ? found.Select(file => file.Key)
            : folders.SelectMany(Directory.GetFiles).Where(file => SplitNames.IsStrange(file, task)).Order(StringComparer.Ordinal);
        return unclear.Take(4).ToList() is not { Count: > 0 } files ? null : throw new ReplicationException(
            $"Which file is {task}'s {GlueCatalog.Describe(split)} is not clear: there {(files.Count == 1 ? "is" : "are")} "
                + $"{string.Join(", ", files)}; it is expected as {Expected(task, split)}, so give it that name.");
    }

    private static List<string> TaskFolders(IReadOnlyList<string> roots, GlueTask task)
    {
        var places = roots.Where(Directory.Exists).SelectMany(root => Subfolders(root).Prepend(root)).ToList();
        return [.. places.SelectMany(place => Subfolders(place).Prepend(place))
            .Distinct(StringComparer.Ordinal).Where(folder => SplitNames.IsTask(Path.GetFileName(folder), task))];
    }

    private static IEnumerable<string> Subfolders(string folder)
    {
        try
        {
            return Directory.GetDirectories(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder that may not be read is skipped.
            return [];
        }
    }
}
