using static TorchSharp.torch;

namespace Replication.Distillation;

/// <summary>
/// The mean squared distance between the attention scores of a student and a teacher layer, head by head: Q K^T / sqrt(head
/// size), before the softmax. Columns of padding are 0 on both sides.
/// </summary>
/// <param name="Reduction">Over which pairs of tokens; real ones are those whose row and column both hold a token.</param>
public sealed record AttentionMatching(TokenReduction Reduction)
{
    // What the authors' program takes for masked, since it reads scores after -10000 was added to those of padding.
    private const double LooksMasked = -100;

    /// <summary>
    /// Sets real scores of -100 and less to 0 as well, as the authors' program does, which cannot tell them from masked ones.
    /// </summary>
    public bool DropsFarBelowZero { get; init; }

    /// <summary>The loss, a scalar.</summary>
    /// <param name="student">[batch, heads, length, length].</param>
    /// <param name="teacher">[batch, heads, length, length]; no gradient flows into them.</param>
    /// <param name="mask">1 for a token, 0 for padding, [batch, length].</param>
    /// <exception cref="ReplicationException">The two have not the same number of heads.</exception>
    public Tensor Loss(Tensor student, Tensor teacher, Tensor mask)
    {
        if (!student.shape.SequenceEqual(teacher.shape))
            throw new ReplicationException(
                $"The student has {student.shape[1]} attention heads and its teacher {teacher.shape[1]}; matching their attention "
                    + $"needs equally many.");
        using var scope = NewDisposeScope();
        var real = mask.to(ScalarType.Float32);
        var columns = real.unsqueeze(1).unsqueeze(1);
        var difference = (Kept(student) - Kept(teacher.detach())) * columns;
        return Reduction.Mean(difference.square(), columns * real.unsqueeze(1).unsqueeze(-1)).MoveToOuterDisposeScope();
    }

    private Tensor Kept(Tensor scores) => DropsFarBelowZero ? scores.masked_fill(scores <= LooksMasked, 0) : scores;
}
