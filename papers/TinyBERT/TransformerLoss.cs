using Replication.Bert;
using Replication.Distillation;
using static TorchSharp.torch;

namespace Replication.TinyBERT;

/// <summary>Sums the inner losses of <see cref="TransformerDistillation"/> over what student and teacher computed for the same tokens.</summary>
public sealed class TransformerLoss
{
    private readonly TransformerDistillation _method;
    private readonly LayerMap _map;
    private readonly Projections _projections;

    /// <summary>Creates the loss.</summary>
    /// <param name="method">Terms and switches.</param>
    /// <param name="student">The student's geometry.</param>
    /// <param name="teacher">The teacher's.</param>
    /// <param name="projections">W_e and W_h; not owned.</param>
    /// <exception cref="ReplicationException">The student is deeper than its teacher, or has another number of heads while attention is matched.</exception>
    public TransformerLoss(TransformerDistillation method, BertConfig student, BertConfig teacher, Projections projections)
    {
        Check(method, student, teacher);
        (_method, _projections) = (method, projections);
        _map = TinyLayerMaps.Of(method.Map, teacher.NumHiddenLayers, student.NumHiddenLayers);
    }

    /// <summary>What both encoders have to hand out.</summary>
    public EncoderOutputs Request =>
        (_method.Terms.HasFlag(Terms.Attention) ? EncoderOutputs.AttentionScores : EncoderOutputs.None)
        | ((_method.Terms & (Terms.Hidden | Terms.Embedding)) != 0 ? EncoderOutputs.HiddenStates : EncoderOutputs.None);

    /// <summary>Checks two geometries before anything is trained.</summary>
    /// <inheritdoc cref="TransformerLoss(TransformerDistillation, BertConfig, BertConfig, Projections)" path="/exception"/>
    public static void Check(TransformerDistillation method, BertConfig student, BertConfig teacher)
    {
        if (student.HiddenSize % student.NumAttentionHeads != 0)
            throw new ReplicationException($"A hidden size of {student.HiddenSize} cannot be shared by {student.NumAttentionHeads} heads; choose a multiple.");
        TinyLayerMaps.Of(method.Map, teacher.NumHiddenLayers, student.NumHiddenLayers);
        if (method.Terms.HasFlag(Terms.Attention) && student.NumAttentionHeads != teacher.NumAttentionHeads)
            throw new ReplicationException(
                $"The student has {student.NumAttentionHeads} attention heads and its teacher {teacher.NumAttentionHeads}; matching their attention needs equally many, so name a teacher of {student.NumAttentionHeads} heads with --teacher.");
    }

    /// <summary>The terms by the paper's name, in its order; their sum is what is minimised.</summary>
    /// <param name="student">What the student computed.</param>
    /// <param name="teacher">What the teacher computed.</param>
    /// <param name="mask">1 for a token, 0 for padding, [batch, length].</param>
    public IReadOnlyList<(string Name, Tensor Value)> Of(EncoderOutput student, EncoderOutput teacher, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var terms = new List<(string, Tensor)>();
        if (_method.Terms.HasFlag(Terms.Attention))
            terms.Add(("L_attn", Sum(pair => _method.Attention.Loss(student.AttentionScores[pair.Student - 1], TeacherScores(teacher, pair), mask))));
        if (_method.Terms.HasFlag(Terms.Hidden))
            terms.Add(("L_hidn", Sum(pair => _method.Hidden.Loss(_projections.Hidden(student.HiddenStates[pair.Student]), teacher.HiddenStates[pair.Teacher], mask))));
        if (_method.Terms.HasFlag(Terms.Embedding))
            terms.Add(("L_embd", _method.Hidden.Loss(_projections.Embedding(student.HiddenStates[0]), teacher.HiddenStates[0], mask)));
        foreach (var (_, value) in terms)
            value.MoveToOuterDisposeScope();
        return terms;
    }

    private static Tensor TeacherScores(EncoderOutput teacher, LayerPair pair) => teacher.AttentionScores[pair.Teacher - 1];

    private Tensor Sum(Func<LayerPair, Tensor> loss) => _map.Pairs.Select(loss).Aggregate((a, b) => a + b);
}
