using Replication.Runs;

namespace Replication.Studies;

/// <summary>Parts of the line beside every measured number: two numbers may be compared only if their lines say so.</summary>
public static class SignatureParts
{
    private const int KeyLength = 8;

    /// <summary>Parts with bars between them; empty ones are left out.</summary>
    public static string Join(params IEnumerable<string> parts) => string.Join(" | ", parts.Where(part => part.Length > 0));

    /// <summary>Such as "seeds 1-3", from replicates in ascending order: each has a seed of its number.</summary>
    public static string Replicates(IReadOnlyList<int> replicates) => replicates switch
    {
        [] => "",
        [var one] => $"seed {one}",
        _ when replicates[^1] - replicates[0] == replicates.Count - 1 => $"seeds {replicates[0]}-{replicates[^1]}",
        _ => $"seeds {string.Join(' ', replicates)}",
    };

    /// <summary>Such as "teacher minilm-l6 seed 1", of a replicate's own teacher "teacher minilm-l6 of the same seed".</summary>
    public static string Teacher(string model, bool isOfReplicate) => $"teacher {model} {(isOfReplicate ? "of the same seed" : "seed 1")}";

    /// <summary>Such as "run 3f2a9c1b".</summary>
    public static string Runs(IEnumerable<FinishedRun> runs)
    {
        string[] keys = [.. runs.Select(run => run.Manifest.Key[..KeyLength]).Distinct(StringComparer.Ordinal)];
        return $"{(keys.Length == 1 ? "run" : "runs")} {string.Join(' ', keys)}";
    }
}
