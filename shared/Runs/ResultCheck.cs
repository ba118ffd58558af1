using System.Globalization;
using System.Text.Json;
using Replication.Glue;

namespace Replication.Runs;

/// <summary>
/// Holds a finished run's result.json to what else the run wrote: the scores of predictions-SPLIT.tsv, computed anew, and the line of
/// metrics.jsonl that its model was measured with. A run that has no such files passes.
/// </summary>
internal static class ResultCheck
{
    // Counts are whole; a score of a regression is computed from outputs that are kept with six digits.
    private const double CountTolerance = 1e-9, CorrelationTolerance = 1e-3;

    /// <summary>Refuses a result that its run's files contradict.</summary>
    /// <exception cref="ReplicationException">They do; the message names split, metric and both values.</exception>
    public static void Hold(FinishedRun run)
    {
        var lines = Lines(run);
        foreach (var file in run.Manifest.Files.Keys.Where(name => name.StartsWith(RunFiles.PredictionsPrefix, StringComparison.Ordinal)))
        {
            var split = Path.GetFileNameWithoutExtension(file)[RunFiles.PredictionsPrefix.Length..];
            // Of a model with sub-networks each has an entry, the whole network, which is the one whose predictions are kept, among them.
            var results = run.Result.Scores.Where(s => s.Key == split || s.Key.StartsWith(split + ", ", StringComparison.Ordinal))
                .Select(s => s.Value).ToArray();
            if (results.Length == 0)
                continue;
            if (PredictedScores.Of(Path.Combine(run.Path, file)) is { } predicted)
                Compare(run, split, results, predicted, file);
            if (lines.LastOrDefault(line => Names(line, split)) is { ValueKind: JsonValueKind.Object } measured
                && !run.Result.Facts.ContainsKey("kept step"))
                Compare(run, split, results, Numbers(measured), MetricsWriter.FileName);
        }
    }

    private static void Compare(
        FinishedRun run, string split,
        IReadOnlyList<IReadOnlyDictionary<string, double?>> results, IReadOnlyDictionary<string, double?> other, string file)
    {
        if (results.Any(
            scores => scores.All(score => !other.TryGetValue(score.Key, out var value) || Agrees(score.Key, score.Value, value))))
            return;
        var (metric, told) =
            results[0].First(score => other.TryGetValue(score.Key, out var value) && !Agrees(score.Key, score.Value, value));
        throw new ReplicationException(string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.Combine(run.Path, RunStore.ResultName)} says {metric} {told} on {split} where {file} gives {other[metric]}; delete "
                + $"the folder {run.Path} and run the command that computes it again."));
    }

    private static bool Agrees(string metric, double? one, double? other) => one is { } a && other is { } b
        ? Math.Abs(a - b) <= (metric is "pearson" or "spearman" ? CorrelationTolerance : CountTolerance)
        : one is null == other is null;

    private static IReadOnlyList<JsonElement> Lines(FinishedRun run)
    {
        if (!run.Manifest.Files.ContainsKey(MetricsWriter.FileName))
            return [];
        var path = Path.Combine(run.Path, MetricsWriter.FileName);
        try
        {
            return [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
        }
        catch (JsonException e)
        {
            throw new ReplicationException(
                $"{path} is not what a run writes; delete the folder {run.Path} and run the command that computes it again.", inner: e);
        }
    }

    private static bool Names(JsonElement line, string split) =>
        line.ValueKind == JsonValueKind.Object && line.TryGetProperty("split", out var name) && name.ValueKind == JsonValueKind.String
            && name.GetString() == split;

    private static Dictionary<string, double?> Numbers(JsonElement line) => line.EnumerateObject()
        .Where(p => p.Value.ValueKind is JsonValueKind.Number or JsonValueKind.Null)
        .ToDictionary(
            p => p.Name, p => p.Value.ValueKind == JsonValueKind.Null ? (double?)null : p.Value.GetDouble(), StringComparer.Ordinal);
}

/// <summary>Scores computed from a file of predictions.</summary>
internal static class PredictedScores
{
    /// <summary>The official metrics by name; null for a file of another kind.</summary>
    /// <exception cref="ReplicationException">A row is not what a run writes.</exception>
    public static IReadOnlyDictionary<string, double?>? Of(string path)
    {
        if (RowPrediction.Read(path, "") is not var (areClasses, rows))
            return null;
        if (rows.FirstOrDefault(row => row.Label is null) is { Split: not null } hidden)
            throw new ReplicationException(
                FormattableString.Invariant($"{path}: row {hidden.Row} has no label to be scored by; compute the run again."));
        if (!areClasses)
        {
            var (scores, labels) = (rows.Select(row => (double)row.Prediction).ToList(), rows.Select(row => (double)row.Label!).ToList());
            return new Dictionary<string, double?> {
                ["pearson"] = Metrics.Pearson(scores, labels), ["spearman"] = Metrics.Spearman(scores, labels) };
        }
        var (classes, truth) = (rows.Select(row => (int)row.Prediction).ToList(), rows.Select(row => (int)row.Label!).ToList());
        return new Dictionary<string, double?>
        {
            ["accuracy"] = Metrics.Accuracy(classes, truth), ["f1"] = Metrics.F1(classes, truth),
            ["matthews"] = Metrics.Matthews(classes, truth),
        };
    }
}
