using static TorchSharp.torch;

namespace Replication.Distillation;

/// <summary>The mean squared distance between the hidden states of a student and a teacher layer, of equal width.</summary>
/// <param name="Reduction">Over which tokens.</param>
public sealed record HiddenMatching(TokenReduction Reduction)
{
    /// <summary>The loss, a scalar.</summary>
    /// <param name="student">[batch, length, hidden]; projected to the teacher's width where it is narrower.</param>
    /// <param name="teacher">[batch, length, hidden]; no gradient flows into them.</param>
    /// <param name="mask">1 for a token, 0 for padding, [batch, length].</param>
    /// <exception cref="ReplicationException">The two are not equally wide.</exception>
    public Tensor Loss(Tensor student, Tensor teacher, Tensor mask)
    {
        if (!student.shape.SequenceEqual(teacher.shape))
            throw new ReplicationException(
                $"The student's hidden states are [{string.Join(", ", student.shape)}] and its teacher's "
                    + $"[{string.Join(", ", teacher.shape)}]; project the narrower ones first.");
        using var scope = NewDisposeScope();
        return Reduction.Mean((student - teacher.detach()).square(), mask.to(ScalarType.Float32).unsqueeze(-1)).MoveToOuterDisposeScope();
    }
}
