using System.Globalization;

namespace Replication.Glue;

/// <summary>Reads and writes labels: class names or indices, or scores from 0 to 5.</summary>
internal static class GlueLabel
{
    /// <summary>STS-B's highest score.</summary>
    public const float HighestScore = 5;

    /// <summary>The class index or score that a text stands for; null where it stands for none.</summary>
    public static float? Parse(GlueTask task, string text, bool words)
    {
        if (words)
            return IndexOf(task.Labels, text) is var index and >= 0 ? index : null;
        return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && IsValid(task, value) ? value : null;
    }

    /// <summary>Whether a number is one of the task's class indices, or a score.</summary>
    public static bool IsValid(GlueTask task, float value) => task.IsRegression
        ? value is >= 0 and <= HighestScore
        : value >= 0 && value < task.Labels.Count && value == MathF.Floor(value);

    /// <summary>What a label may be, for messages.</summary>
    public static string Expected(GlueTask task, bool words) => (task.IsRegression, words) switch
    {
        (true, _) => "a score from 0 to 5",
        (_, true) => string.Join(", ", task.Labels.SkipLast(1)) + " or " + task.Labels[^1],
        _ => string.Join(", ", Enumerable.Range(0, task.Labels.Count - 1)) + $" or {task.Labels.Count - 1}",
    };

    private static int IndexOf(IReadOnlyList<string> labels, string text)
    {
        for (var i = 0; i < labels.Count; i++)
            if (string.Equals(labels[i], text, StringComparison.Ordinal))
                return i;
        return -1;
    }
}
