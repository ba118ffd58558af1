using System.Collections.Concurrent;
using System.Text.Json;

namespace Replication.Runs;

/// <summary>
/// The run folders of a workspace. A folder counts as finished only when manifest.json is there, which is written last;
/// a finished folder is never changed.
/// </summary>
/// <param name="workspace">Where the folders lie, and what keys depend on.</param>
public sealed class RunStore(Workspace workspace)
{
    /// <summary>Name of the file that makes a run finished.</summary>
    public const string ManifestName = "manifest.json";

    /// <summary>Name of the file with what the run found.</summary>
    public const string ResultName = "result.json";

    // Keys by spec key: inputs are digests of whole data sets, asked for once.
    private readonly ConcurrentDictionary<string, string> _keys = new(StringComparer.Ordinal);

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

    /// <summary>The folder of a run, whether it is there or not. One that is there is known by its key, whatever label it was given.</summary>
    public string Folder(RunSpec spec)
    {
        var key = Key(spec);
        var known = Directory.Exists(workspace.RunsFolder)
            ? Directory.EnumerateDirectories(workspace.RunsFolder, "*-" + key[..RunKey.ShortLength]).Order(StringComparer.Ordinal).FirstOrDefault()
            : null;
        return known ?? Path.Combine(workspace.RunsFolder, RunKey.FolderName(spec.Kind, spec.Describe(), key));
    }

    /// <summary>The finished run of a spec with the present inputs and environment; null if it has yet to be computed.</summary>
    /// <exception cref="ReplicationException">An input is missing, or the folder holds something else.</exception>
    public FinishedRun? Find(RunSpec spec)
    {
        var folder = Folder(spec);
        if (!File.Exists(Path.Combine(folder, ManifestName)))
            return null;
        var run = Open(folder);
        return run.Manifest.Key == Key(spec)
            ? run
            : throw new ReplicationException($"{folder} holds the run {run.Manifest.Key}, not {Key(spec)} as its name says; move it away, then run the same command again.");
    }

    /// <summary>Those of some specs that are finished here with the present inputs but in another environment; the ones that differ in their threads alone come first.</summary>
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
        if (!PackedFile.Exists(manifest))
            throw new ReplicationException($"{path} holds no {ManifestName}, so it is no finished run; run the command that computes it again.");
        try
        {
            return new FinishedRun(path, Json.Read<RunManifest>(manifest, PackedFile.Open), Json.Read<RunResult>(Path.Combine(path, ResultName), PackedFile.Open));
        }
        catch (ReplicationException e) when (e.InnerException is null or JsonException or FileNotFoundException)
        {
            throw new ReplicationException($"{e.Message.TrimEnd('.')}; {Remedy(path)}", inner: e);
        }
    }

    /// <summary>Compares a finished run's files with the digests in its manifest.</summary>
    /// <param name="run">The run.</param>
    /// <param name="isEvidence">Whether files may be missing, as in committed evidence.</param>
    /// <exception cref="ReplicationException">A file is missing or was changed; the message names it.</exception>
    public static void Verify(FinishedRun run, bool isEvidence = false)
    {
        foreach (var (name, sha256) in run.Manifest.Files.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            var file = Path.Combine(run.Path, name);
            if (!PackedFile.Exists(file))
            {
                if (isEvidence && name != ResultName)
                    continue;
                throw new ReplicationException($"{file} is missing though the run's manifest lists it; {Remedy(run.Path)}");
            }
            if (PackedFile.Digest(file) != sha256)
                throw new ReplicationException($"{file} was changed after its run ended: its sha256 is not the manifest's; {Remedy(run.Path)}");
        }
    }

    /// <summary>Does so for the trained model alone, before it leaves the run's folder.</summary>
    /// <exception cref="ReplicationException">As for <see cref="Verify"/>.</exception>
    public static void VerifyModel(FinishedRun run) => Verify(run with { Manifest = run.Manifest with { Files = run.ModelFiles } });

    private static string Remedy(string folder) => $"delete the folder {folder} and run the command that computes it again.";
}
