using Replication.Bert;
using Replication.Glue;
using Replication.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Replication.Distillation;

/// <summary>
/// The loss of a model that marks answers: the mean of the cross-entropies of first and last token, L_CE, and, with a teacher, the
/// mean of the two soft losses on the distributions over the window's places, L_soft: (1 - a) L_CE + a L_soft. With T = 2, T squared
/// and a = 0.5 it is DistilBERT's second step of distillation; with T = 1 and a = 1 TinyBERT's prediction layer. Padding is no place.
/// </summary>
/// <param name="model">The model that is trained.</param>
/// <param name="teacher">The teacher, in evaluation mode; null for labels alone.</param>
/// <param name="soft">The soft loss.</param>
/// <param name="softWeight">a, from 0 to 1.</param>
public sealed class SpanObjective(BertForQuestionAnswering model, BertForQuestionAnswering? teacher, SoftTargets soft, double softWeight)
    : IObjective
{
    // Far below any logit, so that padding has probability 0.
    private const float Masked = -1e4f;

    /// <inheritdoc/>
    public LossReport ForwardBackward(GlueBatch batch)
    {
        using var scope = NewDisposeScope();
        var padding = batch.Tokens.AttentionMask.eq(0);
        var (start, end) = Logits(model, batch, padding);
        var hard = (functional.cross_entropy(start, batch.Labels.select(1, 0))
            + functional.cross_entropy(end, batch.Labels.select(1, 1))) / 2;
        if (teacher is null)
            return WeightedTerms.Backward(batch.Share, ("L_CE", 1, hard));
        var (teacherStart, teacherEnd) = TeacherLogits(teacher, batch, padding);
        var softLoss = (soft.Loss(start, teacherStart) + soft.Loss(end, teacherEnd)) / 2;
        return WeightedTerms.Backward(batch.Share, ("L_CE", 1 - softWeight, hard), ("L_soft", softWeight, softLoss));
    }

    private static (Tensor Start, Tensor End) TeacherLogits(BertForQuestionAnswering teacher, GlueBatch batch, Tensor padding)
    {
        using var noGradient = no_grad();
        return Logits(teacher, batch, padding);
    }

    private static (Tensor Start, Tensor End) Logits(BertForQuestionAnswering model, GlueBatch batch, Tensor padding)
    {
        var output = model.forward(batch.Tokens, EncoderOutputs.None);
        return (output.Start.masked_fill(padding, Masked), output.End.masked_fill(padding, Masked));
    }
}
