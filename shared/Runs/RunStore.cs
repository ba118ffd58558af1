using System.Collections.Concurrent;
using System.Text.Json;

namespace Replication.Runs;

/// <summary>
/// The run folders of a workspace. A folder counts as finished only when manifest.json is there, which is written last;
/// a finished folder is never changed.
/// </summary>
/// <param name="workspace">Where the folders are, and what keys depend on.</param>
public sealed class RunStore(Workspace workspace)
{
    /// <summary>Name of the file that makes a run finished.</summary>
    public const string ManifestName = "manifest.json";

    /// <summary>Name of the file with what the run found.</summary>
    public const string ResultName = "result.json";

    // Keys by spec key: inputs are digests of whole data sets, asked for once.
    private readonly ConcurrentDictionary<string, string> _keys = new(StringComparer.Ordinal);

    // Digests of results that were compared with the rest of their runs.
    private readonly ConcurrentDictionary<string, bool> _held = new(StringComparer.Ordinal);

    /// <summary>A run's key.</summary>
    /// <exception cref="ReplicationException">An input is missing.</exception>
    public string Key(RunSpec spec)
    {
        var specKey = spec.SpecKey();
        if (_keys.TryGetValue(specKey, out var known))
            return known;
        var key = RunKey.Of(spec, spec.Inputs(workspace), workspace.Environment, [.. spec.Needs().Select(Key)]);
        return _keys.GetOrAdd(specKey, key);
    }

    /// <summary>
    /// The folder of a run, whether it is there or not. One that is there is known by its key, whatever label it was given.
    /// </summary>
    public string Folder(RunSpec spec)
    {
        var key = Key(spec);
        var known = Directory.Exists(workspace.RunsFolder)
            ? Directory.EnumerateDirectories(workspace.RunsFolder, "*-" + key[..RunKey.ShortLength])
                .Order(StringComparer.Ordinal).FirstOrDefault()
            : null;
        return known ?? Path.Combine(workspace.RunsFolder, RunKey.FolderName(spec.Kind, spec.Describe(), key));
    }

    /// <summary>
    /// The finished run of a spec with the present inputs and environment; null if it has yet to be computed. What it found is held to the
    /// digests in its manifest and to its own metrics and predictions; its model is not, for which there is <see cref="Verified"/>.
    /// </summary>
    /// <exception cref="ReplicationException">An input is missing, the folder holds something else, or a file was changed.</exception>
    public FinishedRun? Find(RunSpec spec)
    {
        var folder = Folder(spec);
        if (!File.Exists(Path.Combine(folder, ManifestName)))
            return null;
        var run = Open(folder);
        if (run.Manifest.Key != Key(spec))
            throw new ReplicationException(
                $"{folder} holds the run {run.Manifest.Key}, not {Key(spec)} as its name says; move it away, then run the same command "
                + $"again.");
        Hold(run, Notes(run));
        return run;
    }

    /// <summary>The same, all of its files held to the digests in its manifest: what another run may use.</summary>
    /// <inheritdoc cref="Find" path="/exception"/>
    public FinishedRun? Verified(RunSpec spec)
    {
        var run = Find(spec);
        if (run is not null)
            Hold(run, run.Manifest.Files);
        return run;
    }

    // Files are digested once a process; what a result says is compared with the run's other files as often.
    private void Hold(FinishedRun run, IEnumerable<KeyValuePair<string, string>> files)
    {
        Verify(run, files, path => StorageFailure.Explain("Cannot read", path, () => workspace.Digests.Of(path)));
        if (_held.TryAdd(run.Manifest.Files[ResultName], true))
            ResultCheck.Hold(run);
    }

    /// <summary>
    /// Those of some specs that are finished here with the present inputs but in another environment; the ones that differ in their threads
    /// alone come first.
    /// </summary>
    public IEnumerable<FinishedRun> Elsewhere(IReadOnlyCollection<RunSpec> specs) => Environments()
        .Where(other => other != workspace.Environment)
        .OrderByDescending(other => other with { Threads = workspace.Environment.Threads } == workspace.Environment)
        .Select(other => new RunStore(workspace with { Environment = other }))
        .SelectMany(store => specs.Select(store.Find).OfType<FinishedRun>());

    // A damaged run is of no environment that could be named.
    private IEnumerable<RunEnvironment> Environments()
    {
        var found = new HashSet<RunEnvironment>();
        string[] folders = Directory.Exists(workspace.RunsFolder) ? Directory.GetDirectories(workspace.RunsFolder) : [];
        foreach (var folder in folders.Order(StringComparer.Ordinal))
        {
            try
            {
                if (File.Exists(Path.Combine(folder, ManifestName)))
                    found.Add(Open(folder).Manifest.Environment);
            }
            catch (ReplicationException)
            {
                continue;
            }
        }
        return found;
    }

    /// <summary>Reads a finished run's folder.</summary>
    /// <exception cref="ReplicationException">It is not finished, or its files are not what a run writes.</exception>
    public static FinishedRun Open(string path)
    {
        var manifest = Path.Combine(path, ManifestName);
        if (!File.Exists(manifest))
            throw new ReplicationException(
                $"{path} holds no {ManifestName}, so it is not a finished run; run the command that computes it again.");
        try
        {
            var run = new FinishedRun(path, Json.Read<RunManifest>(manifest), Json.Read<RunResult>(Path.Combine(path, ResultName)));
            return run.Manifest.Files.ContainsKey(ResultName) && run.Manifest.Spec.ValueKind == JsonValueKind.Object
                ? run
                : throw new ReplicationException($"{manifest} lists no {ResultName} or holds no recipe");
        }
        catch (ReplicationException e) when (e.InnerException is null or JsonException or FileNotFoundException)
        {
            throw new ReplicationException($"{e.Message.TrimEnd('.')}; {Remedy(path)}", inner: e);
        }
    }

    /// <summary>Compares a finished run's files with the digests in its manifest.</summary>
    /// <exception cref="ReplicationException">A file is missing or was changed; the message names it.</exception>
    public static void Verify(FinishedRun run) => Verify(run, run.Manifest.Files, Digest.OfFile);

    /// <summary>Does so for the trained model alone, before it leaves the run's folder.</summary>
    /// <inheritdoc cref="Verify(FinishedRun)" path="/exception"/>
    public static void VerifyModel(FinishedRun run) => Verify(run, run.ModelFiles, Digest.OfFile);

    /// <summary>Does so for all but the model, before they go into a ledger.</summary>
    /// <inheritdoc cref="Verify(FinishedRun)" path="/exception"/>
    internal static void VerifyNotes(FinishedRun run) => Verify(run, Notes(run), Digest.OfFile);

    /// <summary>The finished folders whose keys an earlier version of the suite made: no run is found in them any more.</summary>
    public IReadOnlyList<string> OutdatedFolders() => !Directory.Exists(workspace.RunsFolder) ? [] :
    [
        .. Directory.GetDirectories(workspace.RunsFolder).Order(StringComparer.Ordinal)
            .Where(folder => Path.Combine(folder, ManifestName) is var manifest && File.Exists(manifest) && IsOutdated(manifest)),
    ];

    private static bool IsOutdated(string manifest)
    {
        try
        {
            using var content = JsonDocument.Parse(File.ReadAllBytes(manifest));
            return !content.RootElement.TryGetProperty("keyVersion", out var version) || version.GetInt32() < RunKey.Version;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or IOException
            or UnauthorizedAccessException)
        {
            // Damaged, which is another matter.
            return false;
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Notes(FinishedRun run) =>
        run.Manifest.Files.Where(file => !run.ModelFiles.ContainsKey(file.Key));

    private static void Verify(FinishedRun run, IEnumerable<KeyValuePair<string, string>> files, Func<string, string> digest)
    {
        foreach (var (name, sha256) in files.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            var file = Path.Combine(run.Path, name);
            if (!File.Exists(file))
                throw new ReplicationException($"{file} is missing though the run's manifest lists it; {Remedy(run.Path)}");
            if (digest(file) != sha256)
                throw new ReplicationException(
                    $"{file} was changed after its run ended: its sha256 is not the manifest's; {Remedy(run.Path)}");
        }
    }

    private static string Remedy(string folder) => $"delete the folder {folder} and run the command that computes it again.";
}
