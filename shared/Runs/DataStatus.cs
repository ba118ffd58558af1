using Replication.Glue;

namespace Replication.Runs;

/// <summary>What data and models are here, and how the rest is fetched.</summary>
public static class DataStatus
{
    // Megabytes of a task on the hub, all splits together, rounded up.
    private static readonly Dictionary<string, int> Megabytes = new(StringComparer.Ordinal)
    {
        ["AX"] = 1, ["CoLA"] = 1, ["SST-2"] = 4, ["MRPC"] = 1, ["STS-B"] = 2, ["QQP"] = 80, ["MNLI"] = 60, ["QNLI"] = 20, ["RTE"] = 2,
        ["WNLI"] = 1,
    };

    /// <summary>
    /// Every task and every known model, in the order of tables; files are held to the digests that are pinned or recorded.
    /// </summary>
    public static IReadOnlyList<DataItem> Survey(DataFolders folders) =>
        [.. GlueTasks.All.Append(GlueTasks.Diagnostic).Select(task => OfTask(task, folders)), .. TaskStatus.Survey(folders),
            .. ModelCatalog.Known.Select(model => OfModel(model, folders))];

    /// <summary>Refuses a name that <see cref="Survey"/> does not list.</summary>
    /// <exception cref="ReplicationException">It does not; the message names those that it does.</exception>
    public static void CheckName(string name)
    {
        if (ModelCatalog.Find(name) is null && TaskDownload.Find(name) is null && GlueTasks.Find(name) is null)
            throw Unknown(name);
    }

    /// <summary>Downloads what is missing of a task or model, and checks that and what is there.</summary>
    /// <param name="name">A name that <see cref="Survey"/> lists.</param>
    /// <param name="folders">Where data is.</param>
    /// <param name="hub">Where data and models are.</param>
    /// <param name="downloader">Fetches into <see cref="DataFolders.Downloads"/>.</param>
    /// <param name="progress">Called with the progress of each file.</param>
    /// <param name="cancellation">Stops the download; a later call resumes it.</param>
    /// <returns>A line for each file that was fetched: where it is and what its digest was held to; none where nothing was
    /// missing.</returns>
    /// <exception cref="ReplicationException">There is no such name, a download failed, or what came or is there is not what is pinned or
    /// recorded.</exception>
    public static async Task<IReadOnlyList<string>> FetchAsync(
        string name, DataFolders folders, Hub hub, Downloader downloader, IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        var lines = new List<string>();
        if (ModelCatalog.Find(name) is { } model)
        {
            new ModelCatalog(folders).Check(model.Name);
            var isHere = ModelCatalog.FolderOf(model, folders) is not null;
            foreach (var request in isHere ? Deleted(model, hub, downloader) : Files(model, hub))
                lines.Add((await downloader.FetchAsync(request, progress, cancellation).ConfigureAwait(false)).Describe());
            return lines;
        }
        if (TaskDownload.Find(name) is { } beside)
            return await TaskStatus.FetchAsync(beside, folders, downloader, progress, cancellation).ConfigureAwait(false);
        var task = GlueTasks.Find(name) ?? throw Unknown(name);
        var missing = Missing(task, folders);
        Check(task, folders);
        foreach (var split in missing)
        {
            var result = await downloader.FetchAsync(hub.Split(task, split), progress, cancellation).ConfigureAwait(false);
            var data = new GlueSource(folders).Load(task, split);
            lines.Add(result.Describe()
                + (data.Sha256 == GlueCatalog.Entry(task, split).Sha256 ? "; its content is the one pinned in the source" : ""));
        }
        return lines;
    }

    private static DataItem OfTask(GlueTask task, DataFolders folders)
    {
        var files = GlueTasks.Splits(task)
            .Select(split => Find(task, split, folders)).OfType<SplitFiles>().SelectMany(found => found.Paths).ToArray();
        var missing = Missing(task, folders);
        var refusal = Refusal(() => Check(task, folders));
        var state = refusal is not null ? DataState.Refused
            : missing.Count == 0 ? DataState.Present
            : files.Length == 0 ? DataState.Missing
            : DataState.Partial;
        return new DataItem(
            task.Name, "GLUE task", state,
            files.Length == 0 ? null : string.Join(", ", files.Select(Path.GetDirectoryName).Distinct(StringComparer.Ordinal)),
            files.Sum(file => new FileInfo(file).Length),
            refusal ?? (missing.Count == 0
                ? null
                : $"the {string.Join(", ", missing.Select(GlueCatalog.Describe))} can be downloaded (about {Megabytes[task.Name]} MB "
                    + $"for the whole task): {DataFolders.FetchCommand(task.Name)}"));
    }

    private static DataItem OfModel(KnownModel model, DataFolders folders)
    {
        if (ModelCatalog.FolderOf(model, folders) is { } folder)
        {
            var refusal = Refusal(() => new ModelCatalog(folders).Check(model.Name));
            return new DataItem(
                model.Name, "model", refusal is null ? DataState.Present : DataState.Refused, folder,
                Directory.GetFiles(folder).Sum(file => new FileInfo(file).Length), refusal);
        }
        var begun = new DirectoryInfo(Path.Combine(folders.Downloads, "models", model.Name)) is { Exists: true } there
            ? there.GetFiles().Sum(file => file.Length)
            : 0;
        return new DataItem(
            model.Name, "model", begun > 0 ? DataState.Partial : DataState.Missing, Location: null, begun,
            model.Geometry is not null ? $"'smoke --model {model.Name}' makes it (about {model.Megabytes} MB)"
            : model.Hub is null
                ? $"it is part of this repository; check out data/models/{model.Name} again"
                : $"it can be downloaded (about {model.Megabytes} MB): {DataFolders.FetchCommand(model.Name)}");
    }

    // What is here of a task.
    private static void Check(GlueTask task, DataFolders folders)
    {
        var source = new GlueSource(folders);
        foreach (var split in GlueTasks.Splits(task))
            source.Check(task, split);
    }

    // Why no run would take what is here; null where it would.
    internal static string? Refusal(Action check)
    {
        try
        {
            check();
            return null;
        }
        catch (ReplicationException e)
        {
            return e.Message;
        }
    }

    private static List<GlueSplit> Missing(GlueTask task, DataFolders folders) =>
        [.. GlueTasks.Splits(task).Where(split => Find(task, split, folders) is null)];

    private static SplitFiles? Find(GlueTask task, GlueSplit split, DataFolders folders)
    {
        try
        {
            return SplitFiles.Find(folders, task, split);
        }
        catch (ReplicationException)
        {
            // Check, which looks for it too, says why it is not clear.
            return null;
        }
    }

    // Files that a model had when it was downloaded and has no more, such as one that was deleted because it had changed.
    private static IEnumerable<DownloadRequest> Deleted(KnownModel model, Hub hub, Downloader downloader) =>
        model.Hub is { } repository ? hub.Model(model.Name, repository, model.Files).Where(downloader.WasDeleted) : [];

    private static IReadOnlyList<DownloadRequest> Files(KnownModel model, Hub hub) => model.Hub is { } repository
        ? hub.Model(model.Name, repository, model.Files)
        : throw new ReplicationException(model.Geometry is not null
            ? $"The model {model.Name} has random weights and is not to be downloaded; 'smoke --model {model.Name}' makes it."
            : $"The model {model.Name} is part of this repository and not to be downloaded; check out data/models/{model.Name} again.");

    private static ReplicationException Unknown(string name)
    {
        var names = GlueTasks.All.Append(GlueTasks.Diagnostic)
            .Select(task => task.Name).Concat(TaskDownload.Names).Concat(ModelCatalog.Known.Select(model => model.Name)).ToArray();
        return new ReplicationException(
            $"'{name}' is neither a task nor a model; there are {string.Join(", ", names)}.{Suggestion.For(name, names)}",
            ReplicationException.UsageError);
    }
}
