using Replication.Bert;
using Replication.Bert.Distil;
using Replication.Runs;

namespace Replication.DistilBERT;

/// <summary>The floating-point operations of a pretraining, for the plan.</summary>
internal static class PretrainingWork
{
    /// <summary>Encoder and prediction head of both models; the head over all words is a larger part than the student's layers.</summary>
    public static RunWork Estimate(PretrainingRecipe recipe, BertConfig teacher, long steps)
    {
        var student = teacher.ToDistil(TeacherLayers.Half(teacher.NumHiddenLayers));
        double sequences = steps * recipe.Training.BatchSize;
        var tokens = sequences * recipe.Training.MaxLength;
        var predicted = recipe.Loss is { SoftWeight: > 0, SoftOnHiddenWordsOnly: false } ? tokens : tokens * recipe.Masking.Share;
        var head = 2.0 * teacher.HiddenSize * (teacher.VocabSize + teacher.HiddenSize) * predicted;
        double Encoder(BertConfig config) => sequences * ModelSize.Flops(config, recipe.Training.MaxLength, pooler: false);
        var teachers = recipe.Loss.NeedsTeacher ? Encoder(teacher) + (recipe.Loss.SoftWeight > 0 ? head : 0) : 0;
        // A backward pass costs two forward ones.
        return RunWork.Training(recipe.Training.Precision, 3 * (Encoder(student) + head)) + RunWork.Inference(recipe.Training.Precision, teachers);
    }
}
