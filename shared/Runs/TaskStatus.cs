using Replication.Glue;

namespace Replication.Runs;

/// <summary>What data of the tasks beside GLUE is here, and how the rest is fetched.</summary>
internal static class TaskStatus
{
    /// <summary>Each of them, in the order of tables.</summary>
    public static IEnumerable<DataItem> Survey(DataFolders folders) => TaskDownload.Names.Select(name => Of(name, folders));

    /// <summary>Downloads what is missing of one; a line for each file that was fetched.</summary>
    /// <inheritdoc cref="DataStatus.FetchAsync" path="/exception"/>
    public static async Task<IReadOnlyList<string>> FetchAsync(
        string name, DataFolders folders, Downloader downloader, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        var lines = new List<string>();
        var source = new TaskSource(folders);
        var files = TaskDownload.All.Where(download => download.Name == name).ToList();
        // SQuAD has a file per split, the others one for all.
        foreach (var (file, place) in files.Zip(source.Places(name)))
        {
            if (place is null)
                lines.Add((await downloader.FetchAsync(file.Request, progress, cancellation).ConfigureAwait(false)).Describe());
            else
                source.Hold(place, name);
        }
        return lines;
    }

    private static DataItem Of(string name, DataFolders folders)
    {
        var source = new TaskSource(folders);
        var places = source.Places(name);
        var here = places.OfType<TaskPlace>().ToList();
        var paths = here.SelectMany(place => place.Paths).Distinct(StringComparer.Ordinal).ToList();
        var refusal = DataStatus.Refusal(() => here.ForEach(place => source.Hold(place, name)));
        var missing = TaskDownload.All.Where(download => download.Name == name)
            .Zip(places).Where(pair => pair.Second is null).Select(pair => pair.First).ToList();
        return new DataItem(
            name, "task",
            refusal is not null ? DataState.Refused
                : missing.Count == 0 ? DataState.Present
                : here.Count == 0 ? DataState.Missing
                : DataState.Partial,
            here.Count == 0 ? null : string.Join(
                ", ", paths.Select(path => Directory.Exists(path) ? path : Path.GetDirectoryName(path)).Distinct(StringComparer.Ordinal)),
            paths.Sum(Bytes),
            refusal ?? (missing.Count == 0 ? null
                : $"{string.Join(" and ", missing.Select(file => Path.GetFileName(file.File)))} can be downloaded (about "
                    + $"{missing.Sum(file => file.Megabytes)} MB): {DataFolders.FetchCommand(name)}"));
    }

    private static long Bytes(string path) => Directory.Exists(path)
        ? new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length)
        : new FileInfo(path).Length;
}
