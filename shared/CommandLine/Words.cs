using System.Globalization;
using Replication.Bert;

namespace Replication.CommandLine;

/// <summary>Numbers and lists as people write them.</summary>
internal static class Words
{
    /// <summary>"a, b or c".</summary>
    public static string Either(IReadOnlyList<string> words) =>
        words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.Take(words.Count - 1))} or {words[^1]}";

    /// <summary>A number of threads.</summary>
    public static string Threads(int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "thread" : "threads")}");

    /// <summary>The number format of a plan and why it was chosen, in one sentence.</summary>
    public static string NumberFormat(Precision precision, string? reason) =>
        $"Number format: {precision.Word()}{(reason is null ? "" : $", {reason}")}.";

    /// <summary>"40 s", "12 min", "3 h 05 min", "21 days".</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 99.5 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s"),
        { TotalMinutes: < 99.5 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min"),
        { TotalHours: < 99.5 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalHours):0} h {time.Minutes:00} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:n0} days"),
    };
}
