using Replication.Runs;
using Replication.Studies;

namespace Replication.TinyBERT.Report;

/// <summary>What teacher and student attend to in one sentence, side by side.</summary>
internal static class AttentionFigure
{
    /// <summary>The picture of a task's pipeline; null where its run is not finished or kept no sample.</summary>
    public static MatrixFigure? Make(Results results, TaskRuns task)
    {
        if (task.Main.FirstOrDefault(v => v.Variant == Variant.Full)?.Runs[0] is not { } run
            || TaskPlanner.IntermediateOf(run) is not { } intermediate
            || results.Find(intermediate) is not { } found
            || AttentionSample.Read(found, TinyLayerMaps.Of(intermediate.Method.Map, results.Set.TeacherLayers, intermediate.Student.Layers)) is not { Layers: [.., var last] } sample)
            return null;
        return new MatrixFigure(
            $"attention-{task.Task.ToLowerInvariant()}",
            $"Attention of teacher and student, {task.Task}",
            $"Attention probabilities, mean over heads, of a sentence of the dev set: the teacher's last layer and the student's, which learnt from it, after the intermediate step; the darkest cell is the largest of both; seed 1, {results.Profile} profile, {SignatureParts.Runs([found])}.",
            "attended", "attending", sample.Pieces,
            [new MatrixPanel($"teacher, layer {last.TeacherLayer}", last.Teacher), new MatrixPanel($"student, layer {last.StudentLayer}", last.Student)]);
    }
}
