using Replication.Bert;
using Replication.Glue;
using Replication.Runs;

namespace Replication.DynaBERT.Report;

/// <summary>The line that stands beside every measured number: two numbers may be compared only if their lines say so.</summary>
internal static class Signatures
{
    private const int KeyLength = 8;

    /// <summary>The line of a score.</summary>
    /// <param name="results">The runs.</param>
    /// <param name="column">What was measured.</param>
    /// <param name="who">Which network.</param>
    /// <param name="scores">Its scores, at least one.</param>
    public static string Of(Results results, ScoreColumn column, string who, IReadOnlyList<SeedScore> scores)
    {
        var settings = results.Set.Settings;
        var rows = results.Task(column.Task)?.Teacher.Selection.Rows;
        return Join(
            $"{column.Task}/{column.Split} {GlueScorer.Name(column.Metric)}",
            who,
            $"teacher {settings.Teacher} seed 1",
            results.Profile,
            rows is null ? "" : $"first {rows} rows",
            Seeds([.. scores.Select(s => s.Seed)]),
            $"{scores[0].Run.Manifest.Environment.Device} {(settings.Recipe.Precision == Precision.Bf16 ? "bf16" : "fp32")}",
            Runs(scores.Select(s => s.Run)));
    }

    /// <summary>Parts with bars between them; empty ones are left out.</summary>
    public static string Join(params string[] parts) => string.Join(" | ", parts.Where(part => part.Length > 0));

    /// <summary>Such as "seeds 1-3".</summary>
    public static string Seeds(IReadOnlyList<int> seeds) => seeds switch
    {
        [] => "",
        [var one] => $"seed {one}",
        _ when seeds[^1] - seeds[0] == seeds.Count - 1 => $"seeds {seeds[0]}-{seeds[^1]}",
        _ => $"seeds {string.Join(' ', seeds)}",
    };

    /// <summary>Such as "run 3f2a9c1b".</summary>
    public static string Runs(IEnumerable<FinishedRun> runs)
    {
        string[] keys = [.. runs.Select(run => run.Manifest.Key[..KeyLength]).Distinct(StringComparer.Ordinal)];
        return $"{(keys.Length == 1 ? "run" : "runs")} {string.Join(' ', keys)}";
    }
}
