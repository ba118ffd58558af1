using Replication.Bert;
using Replication.Glue;
using Replication.Runs;
using TorchSharp;

namespace Replication.TinyBERT;

/// <summary>The student that a task step starts from.</summary>
internal static class TaskStart
{
    /// <summary>Opens the student that another run has left, or one of random weights; on the workspace's device.</summary>
    /// <param name="context">The run.</param>
    /// <param name="start">A general distillation or an intermediate step; null for random weights.</param>
    /// <param name="geometry">The student's geometry.</param>
    /// <param name="teacher">The teacher's, whose vocabulary the student has.</param>
    /// <param name="task">The task.</param>
    /// <param name="seed">Seed of new weights: all of them, or the classifier's.</param>
    public static BertForSequenceClassification Open(
        RunContext context, RunSpec? start, Student geometry, BertConfig teacher, GlueTask task, int seed)
    {
        var student = start is null
            ? new BertForSequenceClassification(geometry.Config(teacher), task.Outputs, seed)
            : ModelFolder.OpenClassifier(context.Need(start).ModelFolder, task.Outputs, newClassifier: start is GeneralDistillationSpec, seed: seed);
        student.to(context.Workspace.Device);
        return student;
    }
}
