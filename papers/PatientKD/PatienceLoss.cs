using Replication.Distillation;
using static TorchSharp.torch;

namespace Replication.PatientKD;

/// <summary>
/// L_PT, the paper's new term: the squared distance between the [CLS] states of student layer j and teacher layer I_pt(j).
/// <code>L_PT = sum_i sum_j || h^s_ij / |h^s_ij| - h^t_iI(j) / |h^t_iI(j)| ||^2</code>
/// </summary>
public sealed record PatienceLoss
{
    /// <summary>
    /// Over samples, layers and units: <see cref="Reduction.Sum"/> is the formula above, <see cref="Reduction.ElementMean"/>
    /// the authors' code. At BERT6 they differ by batch x 5 x 768.
    /// </summary>
    public Reduction Reduction { get; init; } = Reduction.ElementMean;

    /// <summary>Divides each state by its L2 norm, as the formula does; an option of the authors' code, searched like a hyper-parameter there.</summary>
    public bool Normalise { get; init; } = true;

    /// <summary>The loss, a scalar.</summary>
    /// <param name="student">[CLS] states of the mapped student layers, [batch, layers, hidden].</param>
    /// <param name="teacher">[CLS] states of the teacher layers they learn from, [batch, layers, hidden]; no gradient flows into them.</param>
    /// <exception cref="ReplicationException">The two have not the same shape: the term needs a student as wide as its teacher.</exception>
    public Tensor Loss(Tensor student, Tensor teacher)
    {
        if (!student.shape.SequenceEqual(teacher.shape))
            throw new ReplicationException(
                $"The student's [CLS] states are [{string.Join(", ", student.shape)}] and its teacher's [{string.Join(", ", teacher.shape)}]; the patience loss needs a student as wide as its teacher.");
        using var scope = NewDisposeScope();
        var target = teacher.detach();
        var difference = Normalise ? UnitLength(student) - UnitLength(target) : student - target;
        return Reduction.Apply(difference.square()).MoveToOuterDisposeScope();
    }

    private static Tensor UnitLength(Tensor states) => nn.functional.normalize(states, p: 2, dim: -1);
}
