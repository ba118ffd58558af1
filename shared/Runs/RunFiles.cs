namespace Replication.Runs;

/// <summary>The files that make up a finished run.</summary>
internal static class RunFiles
{
    /// <summary>How the names of files with a row's outputs each begin.</summary>
    public const string PredictionsPrefix = "predictions-";

    /// <summary>
    /// Digests by path within the folder, with forward slashes; without the manifest, names that begin with a dot, and the event file,
    /// which holds times and would make two equal runs differ.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Digests(string folder)
    {
        var digests = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in Names(folder))
            digests[name] = Digest.OfFile(Path.Combine(folder, name));
        return digests;
    }

    private static IEnumerable<string> Names(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
        .Where(name => name is not (RunStore.ManifestName or EventFile.FileName) && !name.Split('/').Any(part => part.StartsWith('.')))
        .Where(name => !name.EndsWith(".partial", StringComparison.Ordinal));
}
