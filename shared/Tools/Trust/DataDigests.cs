using System.CommandLine;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Replication.CommandLine;

namespace Replication.Tools.Trust;

/// <summary>data-digests: every file of data/ against the sha256 that data/README.md lists.</summary>
internal static partial class DataDigests
{
    // What git ignores, and the list itself; files that begin with a dot are git's.
    private const string Downloads = "downloads/", List = "README.md";

    public static Command Create()
    {
        var result = ToolResult.FileOption();
        var command = new Command("data-digests", "Compare every file of data/ with the sha256 in data/README.md.") { result };
        command.SetAction((parse, _) => Task.Run(() =>
        {
            var watch = Stopwatch.StartNew();
            var (files, wrong) = Check(Path.Combine(RepositoryRoot.Find(), "data"));
            foreach (var line in wrong)
                Console.WriteLine(line);
            if (parse.GetValue(result) is { } path)
                ToolResult.Now(
                    "Every file of data/ has the sha256 that data/README.md lists", parse, watch.Elapsed.TotalSeconds,
                    [new ToolRow("files of data/", files, "files", wrong.Count)]).Write(path);
            Console.WriteLine(FormattableString.Invariant($"{files} files, {wrong.Count} not as listed."));
            return wrong.Count > 0 || files == 0 ? 1 : 0;
        }));
        return command;
    }

    /// <summary>Compares a folder with its list.</summary>
    /// <param name="folder">Such as data/.</param>
    /// <returns>How many files there are, and what is missing, not listed, or another.</returns>
    public static (int Files, IReadOnlyList<string> Wrong) Check(string folder)
    {
        var listed = Line().Matches(File.ReadAllText(Path.Combine(folder, List)))
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value, StringComparer.Ordinal);
        var present = Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Where(name => name != List && !name.StartsWith('.') && !name.StartsWith(Downloads, StringComparison.Ordinal))
                .ToDictionary(name => name, name => Digest.OfFile(Path.Combine(folder, name)), StringComparer.Ordinal);
        return (present.Count,
            [.. listed.Keys.Union(present.Keys)
            .Order(StringComparer.Ordinal).Where(name => listed.GetValueOrDefault(name) != present.GetValueOrDefault(name))
            .Select(name => !present.ContainsKey(name) ? $"{name} is missing"
                : !listed.ContainsKey(name) ? $"{name} is not listed"
                : $"{name} is not the file that is listed")]);
    }

    [GeneratedRegex(@"\| `([^`]+)` \| ([0-9a-f]{64}) \|")]
    private static partial Regex Line();
}
