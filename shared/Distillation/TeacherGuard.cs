using System.Text.Json;
using Replication.Glue;

namespace Replication.Distillation;

/// <summary>Mistakes about a teacher that would train a student on nonsense without any other sign.</summary>
public static class TeacherGuard
{
    /// <summary>Checks that a folder's model was fine-tuned for a task, and that it numbers the classes as the task does.</summary>
    /// <param name="folder">The teacher's folder.</param>
    /// <param name="task">The task.</param>
    /// <exception cref="ReplicationException">The teacher was never fine-tuned, or its labels are others or in another order.</exception>
    public static void Check(string folder, GlueTask task)
    {
        var path = Path.Combine(folder, "config.json");
        using var config = Open(path);
        if (!IsClassifier(config.RootElement))
            throw new ReplicationException($"The teacher in {folder} was never fine-tuned: its config.json names no model for sequence classification; fine-tune it on {task} first.");
        var labels = Labels(config.RootElement);
        if (labels.Count != task.Outputs)
            throw new ReplicationException($"The teacher in {folder} has {labels.Count} outputs where {task} needs {task.Outputs}; take a teacher that was fine-tuned on {task}.");
        if (task.IsRegression || AreNumbers(labels) || labels.SequenceEqual(task.Labels, StringComparer.OrdinalIgnoreCase))
            return;
        throw new ReplicationException(
            $"The teacher's labels in {path} are {string.Join(", ", labels)} where {task} has {string.Join(", ", task.Labels)}, in this order; fine-tune it on this data, or correct id2label.");
    }

    /// <summary>Checks that student and teacher cut text into the same word pieces, since one tokenised data set serves both.</summary>
    /// <param name="studentVocabulary">The student's vocab.txt.</param>
    /// <param name="teacherVocabulary">The teacher's vocab.txt.</param>
    /// <exception cref="ReplicationException">The vocabularies differ.</exception>
    public static void CheckVocabulary(string studentVocabulary, string teacherVocabulary)
    {
        if (Digest.OfFile(studentVocabulary) != Digest.OfFile(teacherVocabulary))
            throw new ReplicationException($"The student's vocabulary {studentVocabulary} differs from its teacher's {teacherVocabulary}; take two models with the same vocabulary.");
    }

    private static JsonDocument Open(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            throw new ReplicationException($"Cannot read the teacher's {path}: {e.Message.TrimEnd('.')}; name the folder of a fine-tuned model.", inner: e);
        }
    }

    private static bool IsClassifier(JsonElement config) =>
        config.TryGetProperty("architectures", out var names)
        && names.EnumerateArray().Any(name => name.GetString()?.EndsWith("ForSequenceClassification", StringComparison.Ordinal) == true);

    // In the order of their numbers; transformers takes two where the file names none.
    private static IReadOnlyList<string> Labels(JsonElement config) =>
        config.TryGetProperty("id2label", out var labels)
            ? [.. labels.EnumerateObject().OrderBy(l => int.Parse(l.Name, System.Globalization.CultureInfo.InvariantCulture)).Select(l => l.Value.GetString() ?? "")]
            : ["LABEL_0", "LABEL_1"];

    // LABEL_0, LABEL_1, ... say nothing about what they stand for.
    private static bool AreNumbers(IReadOnlyList<string> labels) => labels.All(label => label.StartsWith("LABEL_", StringComparison.Ordinal));
}
