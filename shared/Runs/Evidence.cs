namespace Replication.Runs;

/// <summary>Why a committed run says nothing about the present source.</summary>
/// <param name="Subject">The run, as people name it.</param>
/// <param name="Reason">One sentence.</param>
public sealed record StaleEvidence(string Subject, string Reason);

/// <summary>
/// Committed evidence: what finished runs found, without weights and single predictions, a folder a run named by the beginning of
/// its key; long texts are compressed. A report can be made from it, and a test can tell whether recipe, data and models are still
/// those of the source.
/// </summary>
public static class Evidence
{
    /// <summary>Files above this many bytes stay out.</summary>
    public const long LargestFile = 1 << 20;

    private const string Unfinished = ".partial";

    /// <summary>Makes a folder hold the evidence of some runs and of no others; each run's part appears whole or not at all.</summary>
    /// <exception cref="ReplicationException">A file was changed after its run ended, or the folder cannot be written to.</exception>
    public static void Export(IEnumerable<FinishedRun> runs, string folder)
    {
        var wanted = runs.DistinctBy(r => r.Manifest.Key, StringComparer.Ordinal)
            .ToDictionary(r => r.Manifest.Key[..RunKey.ShortLength], StringComparer.Ordinal);
        StorageFailure.Explain("Cannot write the evidence in", folder, () =>
        {
            Directory.CreateDirectory(folder);
            foreach (var (name, run) in wanted)
                Export(run, Path.Combine(folder, name));
            foreach (var other in EvidenceFolders(folder).Where(f => !wanted.ContainsKey(Path.GetFileName(f))))
                Directory.Delete(other, recursive: true);
            return true;
        });
    }

    /// <summary>The runs of an evidence folder, by label; none if it is not there.</summary>
    /// <exception cref="ReplicationException">A file is not what a run writes, or was changed.</exception>
    public static IReadOnlyList<FinishedRun> Read(string folder)
    {
        if (!Directory.Exists(folder))
            return [];
        var runs = EvidenceFolders(folder).Where(f => !f.EndsWith(Unfinished, StringComparison.Ordinal)).Select(RunStore.Open).ToArray();
        foreach (var run in runs)
            RunStore.Verify(run, isEvidence: true);
        return [.. runs.OrderBy(r => r.Manifest.Label, StringComparer.Ordinal).ThenBy(r => r.Manifest.Key, StringComparer.Ordinal)];
    }

    /// <summary>Looks runs up in an evidence folder by what they are, wherever they were computed; the newest of several.</summary>
    /// <exception cref="ReplicationException">As for <see cref="Read"/>.</exception>
    public static Func<RunSpec, FinishedRun?> Load(string folder)
    {
        var newest = Newest(Read(folder));
        return spec => newest.GetValueOrDefault(spec.SpecKey());
    }

    /// <summary>What is wrong with an evidence folder: runs that it lacks, runs that the source no longer declares, inputs that have changed.</summary>
    /// <param name="specs">The runs that the source declares; what they need is welcome too.</param>
    /// <param name="folder">The evidence.</param>
    /// <param name="pinned">The digest of an input that the source ships or pins, by name; null for one that it does not.</param>
    /// <exception cref="ReplicationException">As for <see cref="Read"/>.</exception>
    public static IReadOnlyList<StaleEvidence> Stale(IEnumerable<RunSpec> specs, string folder, Func<string, string?> pinned)
    {
        var declared = specs.ToArray();
        var welcome = Plan.Build(declared).Runs.Select(r => r.SpecKey).ToHashSet(StringComparer.Ordinal);
        var runs = Read(folder);
        var found = Newest(runs);
        var missing = declared
            .DistinctBy(s => s.SpecKey(), StringComparer.Ordinal)
            .Where(s => !found.ContainsKey(s.SpecKey()))
            .Select(s => new StaleEvidence(s.Describe(), "The source declares this run, but there is no evidence of it; compute it and export again."));
        var dropped = runs
            .Where(r => !welcome.Contains(r.Manifest.SpecKey))
            .Select(r => new StaleEvidence(r.Manifest.Label, $"The source no longer declares the run {Path.GetFileName(r.Path)} as it was computed; compute and export again."));
        var changed = runs.SelectMany(r => r.Manifest.Inputs
            .Where(i => pinned(i.Name) is { } now && now != i.Sha256)
            .Select(i => new StaleEvidence(r.Manifest.Label, $"It was computed from {i.Name} with sha256 {i.Sha256}, which is now {pinned(i.Name)}; compute and export again.")));
        return [.. missing, .. dropped, .. changed];
    }

    private static void Export(FinishedRun run, string target)
    {
        if (Path.GetFullPath(run.Path) == Path.GetFullPath(target) || IsSame(run, target))
            return;
        var partial = target + Unfinished;
        if (Directory.Exists(partial))
            Directory.Delete(partial, recursive: true);
        foreach (var name in run.Manifest.Files.Keys.Where(name => Belongs(run, name)).Append(RunStore.ManifestName))
        {
            var copy = Path.Combine(partial, name);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            PackedFile.Copy(Path.Combine(run.Path, name), copy);
        }
        RunStore.Verify(run with { Path = partial }, isEvidence: true);
        if (Directory.Exists(target))
            Directory.Delete(target, recursive: true);
        Directory.Move(partial, target);
    }

    private static bool Belongs(FinishedRun run, string name)
    {
        var file = new FileInfo(Path.Combine(run.Path, name));
        return file.Exists && file.Length <= LargestFile
            && !file.FullName.StartsWith(Path.GetFullPath(run.ModelFolder) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            && file.Extension is not (".safetensors" or ".bin")
            && !name.StartsWith(RunFiles.PredictionsPrefix, StringComparison.Ordinal);
    }

    private static bool IsSame(FinishedRun run, string target)
    {
        var manifest = Path.Combine(target, RunStore.ManifestName);
        if (!PackedFile.Exists(manifest) || PackedFile.Digest(manifest) != PackedFile.Digest(Path.Combine(run.Path, RunStore.ManifestName)))
            return false;
        try
        {
            RunStore.Verify(run with { Path = target }, isEvidence: true);
            return run.Manifest.Files.Keys.Where(name => Belongs(run, name)).All(name => PackedFile.Exists(Path.Combine(target, name)));
        }
        catch (ReplicationException)
        {
            return false;
        }
    }

    // Whole ones, and those that a stop has left half copied.
    private static IEnumerable<string> EvidenceFolders(string folder) => Directory.EnumerateDirectories(folder)
        .Where(f => f.EndsWith(Unfinished, StringComparison.Ordinal) || PackedFile.Exists(Path.Combine(f, RunStore.ManifestName)))
        .Order(StringComparer.Ordinal);

    private static Dictionary<string, FinishedRun> Newest(IEnumerable<FinishedRun> runs) => runs
        .GroupBy(r => r.Manifest.SpecKey, StringComparer.Ordinal)
        .ToDictionary(
            g => g.Key,
            g => g.OrderByDescending(r => r.Manifest.Finished).ThenBy(r => r.Manifest.Key, StringComparer.Ordinal).First(),
            StringComparer.Ordinal);
}
