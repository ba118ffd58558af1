using Replication.Bert;
using Replication.Glue;
using Replication.Runs;
using Replication.Training;
using TorchSharp;

namespace Replication.Distillation;

/// <summary>Checks for a wrong teacher, which would silently train a student on nonsense.</summary>
public static class TeacherGuard
{
    /// <summary>
    /// The folder of a finished teacher, once it is known to be one of the task; of a search, that of the run that it chose.
    /// </summary>
    /// <param name="context">The run that learns from it.</param>
    /// <param name="teacher">The teacher's run.</param>
    /// <param name="task">The task.</param>
    /// <param name="studentModel">The student's base model, whose vocabulary must be the teacher's; null where the teacher gives
    /// it.</param>
    /// <exception cref="ReplicationException">The teacher was never fine-tuned, or its labels or words are others.</exception>
    public static string Folder(RunContext context, RunSpec teacher, GlueTask task, string? studentModel = null)
    {
        var run = context.Need(teacher);
        var folder = (teacher is SelectionSpec among ? context.Need(among.ChosenBy(run.Result)) : run).ModelFolder;
        Check(folder, task);
        if (studentModel is not null)
            CheckVocabulary(Path.Combine(context.Workspace.Models.Folder(studentModel), "vocab.txt"), Path.Combine(folder, "vocab.txt"));
        return folder;
    }

    /// <summary>Opens a finished teacher on the workspace's device.</summary>
    /// <inheritdoc cref="Folder" path="/param"/>
    /// <inheritdoc cref="Folder" path="/exception"/>
    public static BertForSequenceClassification Open(RunContext context, RunSpec teacher, GlueTask task)
    {
        var model = task.OpenClassifier(Folder(context, teacher, task));
        model.to(context.Workspace.Device);
        return model;
    }

    /// <summary>Checks that a folder's model was fine-tuned for a task, and that it has its classes, in whatever order.</summary>
    /// <param name="folder">The teacher's folder.</param>
    /// <param name="task">The task.</param>
    /// <param name="role">What the model is to the user, for the message.</param>
    /// <exception cref="ReplicationException">The teacher was never fine-tuned, or its labels are others.</exception>
    public static void Check(string folder, GlueTask task, string role = "teacher")
    {
        if (ModelFolder.ClassifierOutputs(folder) is not { } outputs)
            throw new ReplicationException(
                $"The {role} in {folder} was never fine-tuned: it holds no classifier; fine-tune it on {task} first.");
        var needed = task.Choices > 1 ? 1 : task.Outputs;
        if (outputs != needed)
            throw new ReplicationException(
                $"The {role} in {folder} has {outputs} outputs where {task} needs {needed}; take a {role} that was fine-tuned on {task}.");
        if (task.Choices == 1)
            ClassifierConfig.Check(folder, outputs);
        TaskClassifier.Order(task, folder);
    }

    /// <summary>Checks that student and teacher cut text into the same word pieces, since one tokenised data set serves both.</summary>
    /// <param name="studentVocabulary">The student's vocab.txt.</param>
    /// <param name="teacherVocabulary">The teacher's vocab.txt.</param>
    /// <exception cref="ReplicationException">The vocabularies differ.</exception>
    public static void CheckVocabulary(string studentVocabulary, string teacherVocabulary)
    {
        if (Digest.OfFile(studentVocabulary) != Digest.OfFile(teacherVocabulary))
            throw new ReplicationException(
                $"The student's vocabulary {studentVocabulary} differs from its teacher's {teacherVocabulary}; take two models with the "
                    + "same vocabulary.");
    }
}
