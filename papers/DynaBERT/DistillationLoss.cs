using Replication.Distillation;
using static TorchSharp.torch;

namespace Replication.DynaBERT;

/// <summary>
/// What a sub-network of width m_w and depth m_d learns from its teacher:
/// <code>L = lambda_1 l_pred(y, y') + lambda_2 (l_emb(E, E') + l_hidn(H, H'))</code>
/// l_pred: soft cross-entropy of the logits at temperature 1, the mean over the batch. l_emb and l_hidn: mean squared error of
/// the embedding output and of each kept layer's output, a mean over all elements (padding included), summed over the states.
/// </summary>
public sealed record DistillationLoss
{
    private static readonly SoftTargets Soft = new() { Temperature = 1, Divergence = SoftDivergence.CrossEntropy, Reduction = Reduction.BatchMean };

    /// <summary>lambda_1.</summary>
    public double Lambda1 { get; init; } = 1;

    /// <summary>lambda_2.</summary>
    public double Lambda2 { get; init; } = 1;

    /// <summary>
    /// Whether l_pred counts for a regression task (STS-B), as the squared distance of the outputs. The authors' code sets it
    /// to 0 there: only hidden states are matched, and the head learns nothing before the final fine-tuning.
    /// </summary>
    public bool MatchesScores { get; init; } = true;

    /// <summary>Stage 1, DynaBERT_W: lambda_1 = 1, lambda_2 = 0.1.</summary>
    public static DistillationLoss Width { get; } = new() { Lambda2 = 0.1 };

    /// <summary>Stage 2, DynaBERT: lambda_1 = lambda_2 = 1.</summary>
    public static DistillationLoss WidthAndDepth { get; } = new();

    /// <summary>l_pred; null where the switch leaves it out.</summary>
    /// <param name="student">[batch, classes], or [batch, 1] for regression.</param>
    /// <param name="teacher">The same of the teacher; no gradient flows into it.</param>
    public Tensor? Prediction(Tensor student, Tensor teacher) =>
        student.shape[^1] == 1 && !MatchesScores ? null : Soft.Loss(student, teacher);

    /// <summary>l_emb + l_hidn.</summary>
    /// <param name="student">Embedding output, then each kept layer's output, [batch, length, hidden].</param>
    /// <param name="teacher">The states that they are matched with, as many.</param>
    public static Tensor Hidden(IReadOnlyList<Tensor> student, IReadOnlyList<Tensor> teacher)
    {
        if (student.Count != teacher.Count)
            throw new ArgumentException($"{student.Count} states of the student cannot be matched with {teacher.Count} of the teacher.", nameof(teacher));
        using var scope = NewDisposeScope();
        var sum = student.Zip(teacher, (s, t) => nn.functional.mse_loss(s, t.detach())).Aggregate((a, b) => a + b);
        return sum.MoveToOuterDisposeScope();
    }

    /// <summary>Checks the weights.</summary>
    /// <exception cref="ReplicationException">One is out of its range, or both are 0; the message names it.</exception>
    public DistillationLoss Validate()
    {
        foreach (var (name, value) in (ReadOnlySpan<(string, double)>)[("lambda_1", Lambda1), ("lambda_2", Lambda2)])
        {
            if (value is not (>= 0 and <= 1e6))
                throw new ReplicationException(FormattableString.Invariant($"{name} is {value}; it must lie between 0 and 1000000."), ReplicationException.UsageError);
        }
        return Lambda1 + Lambda2 > 0
            ? this
            : throw new ReplicationException("lambda_1 and lambda_2 are both 0; one of them must be above 0.", ReplicationException.UsageError);
    }
}
