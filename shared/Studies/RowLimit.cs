using Replication.Glue;

namespace Replication.Studies;

/// <summary>How many training rows of a task a profile uses, the first ones; null for all.</summary>
/// <param name="LargeTasks">Of SST-2, QQP, MNLI and QNLI.</param>
/// <param name="OtherTasks">Of the small tasks.</param>
public sealed record RowLimit(int? LargeTasks, int? OtherTasks)
{
    private static readonly string[] Large = ["SST-2", "QQP", "MNLI", "QNLI"];

    /// <summary>All rows of all tasks.</summary>
    public static RowLimit None { get; } = new(null, null);

    /// <summary>Some rows of the large tasks, and all of the others.</summary>
    public static RowLimit OfLargeTasks(int rows) => new(rows, null);

    /// <summary>So many rows of every task.</summary>
    public static RowLimit OfEachTask(int rows) => new(rows, rows);

    /// <summary>What a report says of the large tasks; null where all their rows are used.</summary>
    /// <param name="of">Who is trained, such as "The teachers of "; nothing for everyone.</param>
    public string? Deviation(string of = "") => LargeTasks is not { } rows ? null
        : $"{of}{string.Join(", ", Large[..^1])} and {Large[^1]} are trained on their first {rows} rows.";

    /// <summary>The rows of a task; null for all.</summary>
    public int? Of(GlueTask task) => Large.Contains(task.Name) ? LargeTasks : OtherTasks;
}
