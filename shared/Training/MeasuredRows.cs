using Replication.Runs;

namespace Replication.Training;

/// <summary>
/// What a score on dev is worth, as facts of a result: of how many rows it is, and what naming the larger class every time would get.
/// </summary>
public static class MeasuredRows
{
    /// <summary>Fact: rows of the first split that was measured.</summary>
    public const string Count = "measured rows";

    /// <summary>Fact: share of its larger class; absent where the task is a regression.</summary>
    public const string LargerClass = "share of the larger class";

    /// <summary>A result with these facts among its own.</summary>
    /// <param name="result">The result of a training on the data.</param>
    /// <param name="data">The data; something of it is measured.</param>
    public static RunResult WithMeasuredRows(this RunResult result, TaskData data)
    {
        var measured = data.Evaluations[0].Data.Examples;
        var facts = new SortedDictionary<string, double>(result.Facts.ToDictionary(), StringComparer.Ordinal) { [Count] = measured.Count };
        if (!data.Task.IsRegression)
            facts[LargerClass] = measured.GroupBy(example => example.Label).Max(g => g.Count()) / (double)measured.Count;
        return result with { Facts = facts };
    }
}
