using System.Text.Json.Nodes;
using Replication.Runs;

namespace Replication.Tools.Equality;

/// <summary>What a plan left in a folder, file by file.</summary>
internal static class LeftFiles
{
    private const string EventFiles = "events.out";

    // Times are another at each call, and so is the memory of a machine that has a limit.
    private static readonly string[] OfThisCall = ["started", "finished", "seconds", "resumes", "measurements", "machine"];

    /// <summary>
    /// Digests by path; half-written files count. Left out are files that begin with a dot, TensorBoard's event files, which hold times,
    /// and what of a manifest is another at each call.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="InvalidDataException">A manifest says that its run took less than no time.</exception>
    public static SortedDictionary<string, string> Of(string folder)
    {
        var content = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(folder, file).Replace('\\', '/');
            if (!Path.GetFileName(file).StartsWith('.') && !name.Contains(EventFiles, StringComparison.Ordinal))
                content[name] = Path.GetFileName(file) == RunStore.ManifestName ? Digest.OfText(WithoutTimes(file)) : Digest.OfFile(file);
        }
        return content;
    }

    /// <summary>The files that are not the same in both.</summary>
    public static IReadOnlyList<string> Different(SortedDictionary<string, string> first, SortedDictionary<string, string> second) =>
        [.. first.Keys.Union(second.Keys).Where(name => first.GetValueOrDefault(name) != second.GetValueOrDefault(name))];

    private static string WithoutTimes(string manifest)
    {
        var content = JsonNode.Parse(File.ReadAllText(manifest))!.AsObject();
        if (content["seconds"]!.GetValue<double>() < 0)
            throw new InvalidDataException($"{manifest} says that the run took less than no time");
        foreach (var key in OfThisCall)
            content.Remove(key);
        if (content["files"] is JsonObject files)
        {
            foreach (var name in files.Select(file => file.Key)
                .Where(name => name.StartsWith(EventFiles, StringComparison.Ordinal)).ToList())
                files.Remove(name);
        }
        return content.ToJsonString();
    }
}
