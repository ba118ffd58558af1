namespace Replication.Glue;

/// <summary>Where data and models may be, in the order in which they are looked for.</summary>
/// <param name="Named">Folders that the user named, with --data or the variable; what is there is taken as it is.</param>
/// <param name="Embedded">The repository's own data.</param>
/// <param name="Downloads">What was downloaded.</param>
public sealed record DataFolders(IReadOnlyList<string> Named, string Embedded, string Downloads)
{
    /// <summary>The folder given with --data; null where none was.</summary>
    public string? Given { get; init; }

    /// <summary>What is known of downloads beforehand, which they are held to; what is in other folders is not.</summary>
    public Pins Pins { get; init; } = Pins.Embedded;

    /// <summary>The environment variable that names a folder.</summary>
    public const string Variable = "REPLICATION_DATA";

    /// <summary>The folders of a repository.</summary>
    /// <param name="root">The repository's root.</param>
    /// <param name="data">The folder given with --data.</param>
    /// <param name="variable">The value of <see cref="Variable"/>.</param>
    /// <exception cref="ReplicationException">A folder that was named does not exist.</exception>
    public static DataFolders Of(string root, string? data = null, string? variable = null)
    {
        var named = new List<string>();
        foreach (var (folder, origin) in new[] { (data, "given with --data"), (variable, $"named by {Variable}") })
        {
            if (string.IsNullOrEmpty(folder))
                continue;
            var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
            if (!Directory.Exists(full))
                throw new ReplicationException(
                    $"There is no folder {full}, {origin}; name one that holds GLUE's tasks.", ReplicationException.UsageError);
            named.Add(full);
        }
        var own = Path.Combine(Path.GetFullPath(root), "data");
        return new DataFolders(named, own, Path.Combine(own, "downloads")) { Given = string.IsNullOrEmpty(data) ? null : named[0] };
    }

    /// <summary>The same for downloads, which go into the folder given with --data where one was; it is made.</summary>
    /// <inheritdoc cref="Of" path="/param"/>
    /// <exception cref="ReplicationException">The folder cannot be made, or one that the variable names does not exist.</exception>
    public static DataFolders ForDownloads(string root, string? data, string? variable)
    {
        if (string.IsNullOrEmpty(data))
            return Of(root, data, variable);
        var folder = Path.GetFullPath(data);
        StorageFailure.Explain("Cannot make the folder given with --data,", folder, () => Directory.CreateDirectory(folder));
        var folders = Of(root, folder, variable);
        return folders with { Downloads = folders.Given! };
    }

    /// <summary>Whether a folder holds models, alone or in a folder of that name.</summary>
    internal static bool HoldsModels(string folder) => new[] { folder, Path.Combine(folder, "models") }
        .Where(Directory.Exists).SelectMany(Directory.GetDirectories).Any(model => File.Exists(Path.Combine(model, "config.json")));

    /// <summary>The command that downloads a task or model.</summary>
    public static string FetchCommand(string name) => $"./reproduce.ps1 data fetch {name}";

    /// <summary>The folders of GLUE's tasks, each with whether the user named it.</summary>
    internal IEnumerable<(string Folder, bool IsNamed)> Glue => Named
        .SelectMany(folder => new[] { folder, Path.Combine(folder, "glue") }).Select(folder => (folder, true))
        .Append((Path.Combine(Embedded, "glue"), false))
        .Append((Path.Combine(Downloads, "glue"), false));

    /// <summary>The folders of the tasks beside GLUE, each with whether the user named it.</summary>
    internal IEnumerable<(string Folder, bool IsNamed)> Tasks => Named
        .SelectMany(folder => new[] { folder, Path.Combine(folder, "tasks") }).Select(folder => (folder, true))
        .Append((Path.Combine(Downloads, "tasks"), false));

    /// <summary>The folders of models by name, each with whether the user named it.</summary>
    internal IEnumerable<(string Folder, bool IsNamed)> Models => Named
        .SelectMany(folder => new[] { folder, Path.Combine(folder, "models") }).Select(folder => (folder, true))
        .Append((Path.Combine(Embedded, "models"), false))
        .Append((Path.Combine(Downloads, "models"), false));
}
