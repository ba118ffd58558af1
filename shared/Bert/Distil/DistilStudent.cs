using static TorchSharp.torch;

namespace Replication.Bert.Distil;

/// <summary>From BERT to DistilBERT: a student of half the depth whose first weights are its teacher's.</summary>
public static class DistilStudent
{
    private const string Layers = "bert.encoder.layer.", Transform = "cls.predictions.transform.";

    /// <summary>The student's geometry: half of the teacher's layers, without token types and pooler.</summary>
    /// <exception cref="ReplicationException">The teacher's depth cannot be halved.</exception>
    public static BertConfig Geometry(BertConfig teacher) => teacher.ToDistil(TeacherLayers.Half(teacher.NumHiddenLayers));

    /// <summary>
    /// Makes a student: word and position embeddings with their LayerNorm, chosen layers, and the prediction head's bias are copied;
    /// the token types are left out.
    /// </summary>
    /// <param name="teacher">The teacher, in main memory.</param>
    /// <param name="start">Which layers.</param>
    /// <param name="copyTransform">Whether the dense layer of the prediction head is copied too; an option of the authors' script.</param>
    /// <param name="seed">Seed of what is not copied.</param>
    /// <exception cref="ReplicationException">The teacher's depth cannot be halved.</exception>
    public static BertForMaskedLM Create(BertForMaskedLM teacher, StudentStart start, bool copyTransform = true, long seed = 0)
    {
        var chosen = TeacherLayers.Of(start, teacher.Config.NumHiddenLayers);
        var student = new BertForMaskedLM(Geometry(teacher.Config), seed);
        if (start == StudentStart.Random)
            return student;
        using var noGradient = no_grad();
        foreach (var (name, value) in student.named_parameters())
        {
            if (copyTransform || !name.StartsWith(Transform, StringComparison.Ordinal))
                value.copy_(teacher.get_parameter(OfTeacher(name, chosen))!);
        }
        return student;
    }

    /// <summary>Reads a BERT folder with a prediction head and writes the student's folder: the conversion on its own.</summary>
    /// <param name="teacherFolder">BERT's folder.</param>
    /// <param name="folder">Where the student goes.</param>
    /// <param name="start">Which layers.</param>
    /// <param name="copyTransform">Whether the dense layer of the prediction head is copied too.</param>
    /// <param name="seed">Seed of what is not copied.</param>
    /// <exception cref="ReplicationException">The teacher holds no prediction head, or its depth cannot be halved, or a folder cannot be
    /// read or written.</exception>
    public static void Convert(string teacherFolder, string folder, StudentStart start, bool copyTransform = true, long seed = 0)
    {
        using var teacher = OpenTeacher(teacherFolder);
        using var student = Create(teacher, start, copyTransform, seed);
        ModelFolder.Save(student, folder, teacherFolder);
    }

    /// <summary>Opens a teacher with the prediction head that the soft targets come from.</summary>
    /// <exception cref="ReplicationException">The folder holds none.</exception>
    public static BertForMaskedLM OpenTeacher(string folder)
    {
        CheckTeacher(folder);
        return ModelFolder.OpenMaskedLM(folder);
    }

    /// <summary>Checks that a folder holds such a teacher, without reading its weights.</summary>
    /// <exception cref="ReplicationException">It has no prediction head.</exception>
    public static void CheckTeacher(string folder)
    {
        if (!ModelFolder.HasPredictionHead(folder))
            throw new ReplicationException(
                $"The teacher in {folder} has no prediction head (cls.predictions), so it cannot tell word probabilities; take a "
                + $"pretrained model, not a fine-tuned one.");
    }

    // Layer i of the student is layer chosen[i] of the teacher.
    private static string OfTeacher(string name, IReadOnlyList<int> chosen)
    {
        if (!name.StartsWith(Layers, StringComparison.Ordinal))
            return name;
        var end = name.IndexOf('.', Layers.Length);
        var layer = int.Parse(name.AsSpan(Layers.Length, end - Layers.Length), System.Globalization.CultureInfo.InvariantCulture);
        return FormattableString.Invariant($"{Layers}{chosen[layer]}{name[end..]}");
    }
}
