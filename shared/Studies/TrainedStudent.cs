using Replication.Bert;
using Replication.Runs;

namespace Replication.Studies;

/// <summary>A trained student that other papers' figures may show beside their own.</summary>
/// <param name="Method">How it was trained, in a few words, such as "PKD-Skip, 3 layers".</param>
/// <param name="Task">GLUE task by name.</param>
/// <param name="Teacher">The teacher's base model, by name.</param>
/// <param name="Geometry">The student's geometry from its teacher's.</param>
/// <param name="Runs">Its finished runs, a seed each, at least one.</param>
public sealed record TrainedStudent(
    string Method, string Task, string Teacher, Func<BertConfig, BertConfig> Geometry, IReadOnlyList<FinishedRun> Runs)
{
    /// <summary>The mean of its scores in points; null where none has that score.</summary>
    public double? Score(ScoreColumn column) =>
        100 * Runs.Average(run => run.Result.Scores.GetValueOrDefault(column.Split)?.GetValueOrDefault(column.MetricName));

    /// <summary>The student of some runs, as far as they are finished; none where none is.</summary>
    /// <param name="method">How it was trained.</param>
    /// <param name="task">GLUE task by name.</param>
    /// <param name="teacher">The teacher's base model.</param>
    /// <param name="geometry">The student's geometry from its teacher's.</param>
    /// <param name="runs">Its runs, a seed each.</param>
    /// <param name="find">Gives a finished run or null.</param>
    public static IEnumerable<TrainedStudent> Of(
        string method, string task, string teacher, Func<BertConfig, BertConfig> geometry, IEnumerable<RunSpec> runs,
        Func<RunSpec, FinishedRun?> find)
    {
        var finished = runs.Select(find).OfType<FinishedRun>().ToList();
        if (finished.Count > 0)
            yield return new TrainedStudent(method, task, teacher, geometry, finished);
    }
}
