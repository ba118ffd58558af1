using System.Text;
using Replication.Claims;
using Replication.Studies;

namespace Replication.Reporting;

/// <summary>results/README.md: which papers were measured in which profile, and how their claims stand.</summary>
public static class ResultsIndex
{
    /// <summary>Writes the index of the reports found under a folder as paper/profile/claims.csv.</summary>
    /// <exception cref="ReplicationException">A claims.csv cannot be read, or the index cannot be written.</exception>
    public static void Write(string resultsFolder) => AtomicFile.WriteText(Path.Combine(resultsFolder, "README.md"), Text(resultsFolder));

    /// <summary>The index's text.</summary>
    internal static string Text(string resultsFolder)
    {
        var text = new StringBuilder(
            "# Results\n\nWhat this repository last measured. `reproduced` holds against the published number, in profile reference "
            + "against a PyTorch run; "
            + "`above` holds for scores alone, since a speed or an agreement that is off upwards is off; `agrees at small scale` is an "
                + "order that holds with another teacher; what was not run says in its page what it needs.\n\n");
        var verdicts = Enum.GetValues<Verdict>();
        TableText.AppendRow(text, ["Paper", "Profile", .. verdicts.Select(VerdictWords.Of), "Files"]);
        TableText.AppendRow(text, ["---", "---", .. verdicts.Select(_ => "---:"), "---"]);
        foreach (var (paper, profile, path) in Reports(resultsFolder))
        {
            var counts = VerdictWords.Counts(ClaimsTable.Read(path)).ToDictionary(c => c.Verdict, c => c.Count);
            var here = $"{paper}/{profile}";
            TableText.AppendRow(text,
            [
                TableText.Escape(paper), TableText.Escape(profile),
                .. verdicts.Select(
                    v => counts.TryGetValue(v, out var n) ? n.ToString(System.Globalization.CultureInfo.InvariantCulture) : ""),
                $"[report]({here}/{ReportFiles.Text}), [claims]({here}/{ReportFiles.Claims})",
            ]);
        }
        if (ShippedResults.Markdown(resultsFolder) is { Length: > 0 } shipped)
            text.Append('\n').Append(shipped);
        return text.ToString();
    }

    private static IEnumerable<(string Paper, string Profile, string Claims)> Reports(string folder) =>
        Directory.GetDirectories(folder).SelectMany(Directory.GetDirectories)
            .Select(profile => (Paper: Path.GetFileName(
                Path.GetDirectoryName(profile))!, Profile: Path.GetFileName(profile), Claims: Path.Combine(profile, ReportFiles.Claims)))
            .Where(r => File.Exists(r.Claims))
            .OrderBy(r => r.Paper, StringComparer.Ordinal).ThenBy(r => Size(r.Profile)).ThenBy(r => r.Profile, StringComparer.Ordinal);

    private static int Size(string profile) => profile switch { "quick" => 0, "small" => 1, "paper" => 2, _ => 3 };
}
