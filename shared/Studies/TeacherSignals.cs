using Replication.Claims;
using Replication.Glue;
using Replication.Training;

namespace Replication.Studies;

/// <summary>
/// Whether the teacher of a task has learnt anything, from its score and what a run knows of the rows that it was measured on.
/// </summary>
public static class TeacherSignals
{
    /// <summary>The signal; null where the run says nothing of its rows.</summary>
    /// <param name="task">The task.</param>
    /// <param name="metric">The metric of the score: accuracy or a correlation.</param>
    /// <param name="score">The teacher's score in %.</param>
    /// <param name="facts">A run's facts: <see cref="MeasuredRows"/>.</param>
    public static TeacherSignal? Of(GlueTask task, GlueMetric metric, double score, IReadOnlyDictionary<string, double> facts)
    {
        if (!facts.TryGetValue(MeasuredRows.Count, out var rows))
            return null;
        return metric == GlueMetric.Accuracy
            ? TeacherSignal.OfAccuracy(task.Name, score / 100, facts[MeasuredRows.LargerClass], (int)rows)
            : TeacherSignal.OfCorrelation(task.Name, score / 100, (int)rows);
    }
}
