using System.Globalization;
using Replication.Glue;

namespace Replication.CommandLine;

/// <summary>A split of a task beside GLUE that is scored.</summary>
/// <param name="Task">The task.</param>
/// <param name="Split">The split, such as Dev.</param>
/// <param name="What">The same in a sentence.</param>
/// <param name="Source">Where it was read from.</param>
/// <param name="Rows">Its questions.</param>
internal sealed record ScoredData(string Task, string Split, string What, string Source, int Rows);

/// <summary>Scores by split and metric as they are shown.</summary>
internal static class ScoreView
{
    /// <summary>Says which file each split came from, before anything is computed.</summary>
    public static void ShowData(Display display, IEnumerable<GlueDataset> splits)
    {
        foreach (var data in splits)
            display.Say(Describe(data));
    }

    /// <summary>A split with the file that it came from.</summary>
    public static string Describe(GlueDataset data) =>
        FormattableString.Invariant($"{data.Task}'s {GlueCatalog.Describe(data.Split)}: {data.Source} ({data.Examples.Count:N0} rows)");

    /// <summary>Says which file a split beside GLUE came from.</summary>
    public static void ShowData(Display display, ScoredData data) =>
        display.Say(FormattableString.Invariant($"{data.Task}'s {data.What}: {data.Source} ({data.Rows:N0} questions)"));

    /// <summary>A line per split, such as "SST-2 dev: accuracy 90.14"; an undefined score is said to be undefined.</summary>
    public static void Show(
        Display display, string task,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> scores, string model, IReadOnlyList<GlueDataset> data)
    {
        var files = data.ToDictionary(d => d.Split.ToString(), d => d.Source, StringComparer.Ordinal);
        Show(display, task, scores, model, files);
    }

    /// <summary>The same for data beside GLUE.</summary>
    public static void Show(
        Display display, ScoredData data, IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> scores, string? model) =>
        Show(display, data.Task, scores, model, new Dictionary<string, string> { [data.Split] = data.Source });

    /// <summary>The same for files by split.</summary>
    public static void Show(
        Display display, string task,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> scores, string? model, IReadOnlyDictionary<string, string> files)
    {
        foreach (var (split, metrics) in scores.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            var words = metrics.Select(
                m => $"{m.Key} {(m.Value is { } value ? (100 * value).ToString("0.00", CultureInfo.InvariantCulture) : "undefined")}");
            display.Result(
                $"{task} {split}: {string.Join(", ", words)}",
                new { Event = "scores", Task = task, Split = split, Scores = metrics, Model = model, Data = files });
        }
    }
}
