using System.Globalization;
using System.Text.Json;

namespace Replication.Runs;

/// <summary>Something in which two runs differ.</summary>
/// <param name="Part">recipe, data, needs, environment, score, fact or file.</param>
/// <param name="Name">What, such as "recipe.learningRate" or "dev accuracy".</param>
/// <param name="First">Of the first run; null where it has none.</param>
/// <param name="Second">Of the second run; null where it has none.</param>
/// <param name="Change">Second minus first, of numbers.</param>
public sealed record RunDifference(string Part, string Name, string? First, string? Second, double? Change = null)
{
    private const int DigestLength = 12;

    /// <summary>In what two runs differ, part by part; times are no difference.</summary>
    public static IReadOnlyList<RunDifference> Between(FinishedRun first, FinishedRun second) =>
    [
        .. Texts("recipe", Leaves(first.Manifest.Spec), Leaves(second.Manifest.Spec)),
        .. Texts("data", Inputs(first), Inputs(second)),
        .. Texts("needs", Needs(first), Needs(second)),
        .. Texts("environment", Environment(first), Environment(second)),
        .. Numbers("score", Scores(first), Scores(second)),
        .. Numbers("fact", first.Result.Facts.ToDictionary(f => f.Key, f => (double?)f.Value),
            second.Result.Facts.ToDictionary(f => f.Key, f => (double?)f.Value)),
        .. Texts("file", Files(first, second), Files(second, first)),
    ];

    private static IEnumerable<RunDifference> Texts(
        string part, IReadOnlyDictionary<string, string> first, IReadOnlyDictionary<string, string> second) =>
        first.Keys.Union(second.Keys).Order(StringComparer.Ordinal)
            .Where(name => first.GetValueOrDefault(name) != second.GetValueOrDefault(name))
            .Select(name => new RunDifference(part, name, first.GetValueOrDefault(name), second.GetValueOrDefault(name)));

    private static IEnumerable<RunDifference> Numbers(string part, Dictionary<string, double?> first, Dictionary<string, double?> second) =>
        first.Keys.Union(second.Keys).Order(StringComparer.Ordinal)
            .Where(name => first.ContainsKey(name) != second.ContainsKey(name) || !Nullable.Equals(first[name], second[name]))
            .Select(name => new RunDifference(
                part, name, Text(first, name), Text(second, name), second.GetValueOrDefault(name) - first.GetValueOrDefault(name)));

    // Undefined is not the same as absent.
    private static string? Text(Dictionary<string, double?> values, string name) =>
        values.TryGetValue(name, out var value) ? value?.ToString("G6", CultureInfo.InvariantCulture) ?? "undefined" : null;

    private static Dictionary<string, string> Leaves(JsonElement recipe)
    {
        var leaves = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(recipe, "");
        return leaves;

        void Add(JsonElement element, string path)
        {
            if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in element.EnumerateObject())
                    Add(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}");
            }
            else
            {
                leaves[path] = Short(element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText());
            }
        }
    }

    private static Dictionary<string, string> Inputs(FinishedRun run) =>
        run.Manifest.Inputs.ToDictionary(input => input.Name, input => Short(input.Sha256), StringComparer.Ordinal);

    private static Dictionary<string, string> Needs(FinishedRun run) =>
        run.Manifest.Needs.Index().ToDictionary(
            need => string.Create(CultureInfo.InvariantCulture, $"run {need.Index + 1}"), need => Short(need.Item), StringComparer.Ordinal);

    private static Dictionary<string, string> Environment(FinishedRun run) => new(StringComparer.Ordinal)
    {
        ["device"] = run.Manifest.Environment.Device,
        ["threads"] = run.Manifest.Environment.Threads.ToString(CultureInfo.InvariantCulture),
        ["libtorch"] = run.Manifest.Environment.Libtorch,
        ["micro-batch"] = run.Manifest.Environment.MicroBatch?.ToString(CultureInfo.InvariantCulture) ?? "whole batches",
        ["processor"] = string.Join(", then ", run.Manifest.Processors),
        ["commit"] = run.Manifest.Commit is { } commit ? Short(commit) : "none",
    };

    private static Dictionary<string, double?> Scores(FinishedRun run) =>
        run.Result.Scores.SelectMany(split => split.Value.Select(metric => ($"{split.Key} {metric.Key}", metric.Value)))
            .ToDictionary(s => s.Item1, s => s.Value, StringComparer.Ordinal);

    // A ledger names some of a run's files only; what is in the result is compared number by number.
    private static Dictionary<string, string> Files(FinishedRun run, FinishedRun other) =>
        run.Manifest.Files.Where(file => file.Key != RunStore.ResultName && other.Manifest.Files.ContainsKey(file.Key))
            .ToDictionary(file => file.Key, file => Short(file.Value), StringComparer.Ordinal);

    // Keys and digests are told apart by their beginning.
    private static string Short(string text) =>
        text.Length >= 40 && text.Take(40).All(char.IsAsciiHexDigitLower) ? text[..DigestLength] : text;
}
