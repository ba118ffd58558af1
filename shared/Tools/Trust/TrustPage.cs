using System.Globalization;
using System.Text;
using Replication.Reporting;

namespace Replication.Tools.Trust;

/// <summary>docs/trust.md: what was tried on the suite, how often, and what it found.</summary>
internal static class TrustPage
{
    private const int ShortCommit = 10;

    private const string Head = """
        # What was tried, and what it found
        Made by `dotnet shared/Tools/bin/Release/net10.0/Replication.Tools.dll trust` from the files in `results/trust`,
        which the commands in the table write; a test holds this page to them. Found counts faults of the suite. What a call found, and
        was mended, is told in the commits: a file here is of the last call.


        """;

    /// <summary>The results of a folder, by their files' names.</summary>
    /// <exception cref="ReplicationException">There is none, or one cannot be read.</exception>
    public static IReadOnlyList<(string File, ToolResult Result)> Read(string folder)
    {
        if (!Directory.Exists(folder) || Directory.GetFiles(folder, "*.json") is not { Length: > 0 } files)
            throw new ReplicationException($"There is no result in {folder}; CONTRIBUTING.md names the commands that write them.");
        return [.. files.Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), Json.Read<ToolResult>(file)))];
    }

    /// <summary>The page.</summary>
    public static string Of(IReadOnlyList<(string File, ToolResult Result)> results)
    {
        var text = new StringBuilder(Head);
        Row(text, "what", "how many", "found", "result", "took", "date", "commit");
        Row(text, "---", "---", "---:", "---", "---:", "---", "---");
        foreach (var (file, result) in results)
            Row(text, $"[{result.What}](#{Anchor(file)})", Counts(result), Number(result.Found), Word(result), Duration(result.Seconds),
                Date(result), Commit(result));
        foreach (var (file, result) in results)
            Section(text, file, result);
        return text.ToString();
    }

    private static void Section(StringBuilder text, string file, ToolResult result)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {Anchor(file)}\n{result.What}.\n\n");
        text.Append(CultureInfo.InvariantCulture,
            $"- command: `{result.Command}`\n- machine: {result.Machine}\n- ended: {result.Finished.UtcDateTime:yyyy-MM-dd HH:mm} UTC, "
            + $"after {Duration(result.Seconds)}, at commit {Commit(result)}\n\n");
        Row(text, "part", "how many", "found", "remark");
        Row(text, "---", "---:", "---:", "---");
        foreach (var row in result.Rows)
            Row(text, TableText.Escape(row.What), $"{Number(row.Count)} {row.Unit}", Number(row.Found), TableText.Escape(row.Remark ?? ""));
        if (result.Log.Count > 0)
            text.Append("\nIts log:\n\n```\n").AppendJoin('\n', result.Log).Append("\n```\n");
    }

    private static void Row(StringBuilder text, params string[] cells) => TableText.AppendRow(text, cells);

    private static string Anchor(string file) => Path.GetFileNameWithoutExtension(file);

    private static string Counts(ToolResult result) =>
        string.Join(", ", result.Rows.GroupBy(row => row.Unit, StringComparer.Ordinal)
            .Select(unit => $"{Number(unit.Sum(row => row.Count))} {unit.Key}"));

    // A part that could not be tried is not a success of that part.
    private static string Word(ToolResult result) =>
        result.Found > 0 ? "faults"
            : result.Rows.Count(row => row.Count == 0) is var none and > 0
                ? $"none found; {Number(none)} of {Number(result.Rows.Count)} parts not tried"
            : "none found";

    private static string Number(long value) => value.ToString("n0", CultureInfo.InvariantCulture);

    private static string Duration(double seconds) => CommandLine.Words.Duration(TimeSpan.FromSeconds(seconds));

    private static string Date(ToolResult result) => result.Finished.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Commit(ToolResult result) =>
        result.Commit is { } commit
            ? $"`{commit[..Math.Min(commit.Length, ShortCommit)]}{(commit.EndsWith("-dirty", StringComparison.Ordinal) ? "-dirty" : "")}`"
            : "none";
}
