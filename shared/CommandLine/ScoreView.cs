using System.Globalization;

namespace Replication.CommandLine;

/// <summary>Scores by split and metric as they are shown.</summary>
internal static class ScoreView
{
    /// <summary>A line a split, such as "SST-2 dev: accuracy 90.14"; an undefined score is said to be undefined.</summary>
    public static void Show(Display display, string task, IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> scores, string model)
    {
        foreach (var (split, metrics) in scores.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            var words = metrics.Select(m => $"{m.Key} {(m.Value is { } value ? (100 * value).ToString("0.00", CultureInfo.InvariantCulture) : "undefined")}");
            display.Result($"{task} {split}: {string.Join(", ", words)}", new { Event = "scores", Task = task, Split = split, Scores = metrics, Model = model });
        }
    }
}
