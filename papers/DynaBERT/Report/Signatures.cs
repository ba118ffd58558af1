using Replication.Bert;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;

namespace Replication.DynaBERT.Report;

/// <summary>The line that stands beside every measured number: two numbers may be compared only if their lines say so.</summary>
internal static class Signatures
{
    /// <summary>The line of a score.</summary>
    /// <param name="results">The runs.</param>
    /// <param name="column">What was measured.</param>
    /// <param name="who">Which network.</param>
    /// <param name="scores">Its scores, at least one.</param>
    /// <param name="isTeacher">Whether it is the fine-tuned teacher, which has rows of its own.</param>
    public static string Of(Results results, ScoreColumn column, string who, IReadOnlyList<SeedScore> scores, bool isTeacher = false)
    {
        var settings = results.Set.Settings;
        var task = results.Task(column.Task);
        var rows = isTeacher ? task?.Teacher.Selection.Rows : task?.Seeds[0].Final.Selection.Rows;
        return SignatureParts.Join(
            $"{column.Task}/{column.Split} {GlueScorer.Name(column.Metric)}",
            who,
            $"teacher {settings.Teacher} seed 1",
            results.Profile,
            rows is null ? "" : $"first {rows} rows",
            SignatureParts.Seeds([.. scores.Select(s => s.Seed)]),
            $"{scores[0].Run.Manifest.Environment.Device} {(settings.Recipe.Precision == Precision.Bf16 ? "bf16" : "fp32")}",
            SignatureParts.Runs(scores.Select(s => s.Run)));
    }
}
