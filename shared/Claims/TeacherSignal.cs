using System.Globalization;

namespace Replication.Claims;

/// <summary>
/// Whether a task's teacher has learnt anything that a student could be taught: it must beat the larger class by more than twice
/// the dev set's standard error. Order claims on a task without a signal are inconclusive.
/// </summary>
/// <param name="Task">The task.</param>
/// <param name="Score">The teacher's score, as a share.</param>
/// <param name="Majority">What always answering the larger class scores.</param>
/// <param name="StandardError">The dev set's standard error of a score that carries no information.</param>
public sealed record TeacherSignal(string Task, double Score, double Majority, double StandardError)
{
    /// <summary>Whether the teacher beats the larger class by more than two standard errors; false for an undefined score.</summary>
    public bool Exists => Score - Majority > 2 * StandardError;

    /// <summary>For accuracies: the binomial standard error of the larger class's share q over n rows, sqrt(q (1 - q) / n).</summary>
    public static TeacherSignal OfAccuracy(string task, double accuracy, double majorityShare, int devRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(devRows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(majorityShare, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(majorityShare, 1);
        return new TeacherSignal(task, accuracy, majorityShare, Math.Sqrt(majorityShare * (1 - majorityShare) / devRows));
    }

    /// <summary>
    /// For correlations (Matthews, Pearson, Spearman): a constant answer counts as 0; without a relation the standard error is 1 / sqrt(n -
    /// 1).
    /// </summary>
    public static TeacherSignal OfCorrelation(string task, double correlation, int devRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(devRows, 2);
        return new TeacherSignal(task, correlation, 0, 1 / Math.Sqrt(devRows - 1));
    }

    /// <summary>The comparison in words.</summary>
    public string Words => string.Create(CultureInfo.InvariantCulture,
        $"on {Task} the teacher scores {100 * Score:0.0} where the larger class has {100 * Majority:0.0} (standard error "
            + $"{100 * StandardError:0.0})");
}
