using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Replication.Distillation;

/// <summary>What the distance between two class distributions is measured by.</summary>
public enum SoftDivergence
{
    /// <summary>-sum_c t_c log s_c.</summary>
    CrossEntropy,

    /// <summary>sum_c t_c (log t_c - log s_c): the cross-entropy less the teacher's own entropy, so the same gradient.</summary>
    KullbackLeibler,
}

/// <summary>
/// The loss between a student's outputs and its teacher's (soft targets): both logits divided by the temperature T,
/// then t = softmax(z_T / T) against s = softmax(z_S / T). A regression task has one output and no distribution;
/// its soft loss is the squared distance of the outputs, on which temperature has no bearing.
/// </summary>
public sealed record SoftTargets
{
    /// <summary>T, above 0; the larger, the more the small probabilities count.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Cross-entropy or divergence.</summary>
    public SoftDivergence Divergence { get; init; } = SoftDivergence.CrossEntropy;

    /// <summary>Over samples and classes.</summary>
    public Reduction Reduction { get; init; } = Reduction.BatchMean;

    /// <summary>Multiplies by T squared, which keeps the gradient's size as T grows (Hinton et al., 2015).</summary>
    public bool TimesTemperatureSquared { get; init; }

    /// <summary>The loss, a scalar; [batch, 1] outputs are taken as regression.</summary>
    /// <param name="student">Student logits, [batch, classes].</param>
    /// <param name="teacher">Teacher logits, [batch, classes]; no gradient flows into them.</param>
    /// <exception cref="ReplicationException">The two have not the same number of outputs.</exception>
    public Tensor Loss(Tensor student, Tensor teacher)
    {
        if (!student.shape.SequenceEqual(teacher.shape))
            throw new ReplicationException(
                $"The student's outputs are [{string.Join(", ", student.shape)}] and its teacher's "
                    + $"[{string.Join(", ", teacher.shape)}]; both must be made for the same task.");
        using var scope = NewDisposeScope();
        var target = teacher.detach();
        var loss = student.shape[^1] == 1
            ? Reduction.Apply((student - target).square())
            : Reduction.Apply(ByClass(student, target)) * (TimesTemperatureSquared ? Temperature * Temperature : 1);
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>Checks the temperature.</summary>
    /// <exception cref="ReplicationException">It is not above 0.</exception>
    public SoftTargets Validate() => Temperature is > 0 and <= 1000
        ? this
        : throw new ReplicationException(
            FormattableString.Invariant($"The temperature is {Temperature}; it must be above 0 and at most 1000."),
            ReplicationException.UsageError);

    // Each class's share of the loss, [batch, classes].
    private Tensor ByClass(Tensor student, Tensor teacher)
    {
        var logS = functional.log_softmax(student / Temperature, -1);
        var logT = functional.log_softmax(teacher / Temperature, -1);
        return Divergence == SoftDivergence.KullbackLeibler ? logT.exp() * (logT - logS) : -(logT.exp() * logS);
    }
}
