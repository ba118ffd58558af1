using Replication.Bert;
using Replication.Distillation;
using Replication.Glue;
using Replication.Training;
using static TorchSharp.torch;

namespace Replication.TinyBERT;

/// <summary>The terms of transformer distillation that are summed; Table 3 leaves them out one by one.</summary>
[Flags]
public enum Terms
{
    /// <summary>L_attn, equation 7.</summary>
    Attention = 1,

    /// <summary>L_hidn, equation 8.</summary>
    Hidden = 2,

    /// <summary>L_embd, equation 9.</summary>
    Embedding = 4,

    /// <summary>Both of a transformer layer.</summary>
    Transformer = Attention | Hidden,

    /// <summary>All but the prediction layer's, which has a step of its own.</summary>
    All = Transformer | Embedding,
}

/// <summary>
/// The inner losses (section 3.1), all of weight 1:
/// <code>
/// L_attn = sum_m 1/h sum_i MSE(A_i^S(m), A_i^T(g(m)))     A: scores before the softmax
/// L_hidn = sum_m MSE(H^S(m) W_h, H^T(g(m)))
/// L_embd = MSE(E^S W_e, E^T)
/// </code>
/// Where paper and authors' code differ there is a switch, and the presets name the combinations.
/// </summary>
public sealed record TransformerDistillation
{
    /// <summary>Which terms are summed.</summary>
    public Terms Terms { get; init; } = Terms.All;

    /// <summary>Which layers teach.</summary>
    public MapStrategy Map { get; init; } = MapStrategy.Uniform;

    /// <summary>L_attn of a layer.</summary>
    public AttentionMatching Attention { get; init; } = new(TokenReduction.MeanOverRealTokens);

    /// <summary>L_hidn of a layer, and L_embd.</summary>
    public HiddenMatching Hidden { get; init; } = new(TokenReduction.MeanOverRealTokens);

    /// <summary>One matrix with a bias for embeddings and layers alike (fit_dense of the code), in place of W_e and W_h without.</summary>
    public bool SharesProjection { get; init; }

    /// <summary>Leaves the teacher's dropout on while it teaches, as the code does by never switching it off.</summary>
    public bool TeacherDropout { get; init; }

    /// <summary>The same without some terms.</summary>
    public TransformerDistillation Without(Terms terms) => this with { Terms = Terms & ~terms };

    /// <summary>Map and missing terms, such as "uniform map without Attn", as Table 3 names its rows.</summary>
    public override string ToString() => $"{Map.ToString().ToLowerInvariant()} map" + (Terms.All & ~Terms) switch
    {
        0 => "",
        Terms.Transformer => " without Trm",
        Terms.Attention => " without Attn",
        Terms.Hidden => " without Hidn",
        Terms.Embedding => " without Embd",
        var missing => $" without {missing}",
    };

    /// <summary>The formulas: W_e and W_h without bias, the mean over real tokens, a teacher without dropout.</summary>
    public static TransformerDistillation Paper { get; } = new();

    /// <summary>The authors' program.</summary>
    public static TransformerDistillation OfficialCode { get; } = new()
    {
        Attention = new AttentionMatching(TokenReduction.MeanWithPadding) { DropsFarBelowZero = true },
        Hidden = new HiddenMatching(TokenReduction.MeanWithPadding),
        SharesProjection = true,
        TeacherDropout = true,
    };
}

/// <summary>The strategies of Table 4.</summary>
public enum MapStrategy
{
    /// <summary>g(m) = floor(m N / M), the paper's choice: 3 6 9 12 of 12 for 4 layers, 1 3 4 6 of 6.</summary>
    Uniform,

    /// <summary>g(m) = m + N - M, the teacher's last layers.</summary>
    Top,

    /// <summary>g(m) = m, its first layers.</summary>
    Bottom,
}

/// <summary>
/// g(m), the teacher layer that student layer m learns from (section 3.1). The embeddings, layer 0, and the prediction layer
/// always learn from their own kind and are not part of the map.
/// </summary>
public static class TinyLayerMaps
{
    /// <summary>The map of a strategy for a teacher of N and a student of M layers.</summary>
    /// <exception cref="ReplicationException">The student is deeper than the teacher.</exception>
    public static LayerMap Of(MapStrategy strategy, int teacherLayers, int studentLayers)
    {
        Func<int, int> g = strategy switch
        {
            MapStrategy.Uniform => m => m * teacherLayers / studentLayers,
            MapStrategy.Top => m => m + teacherLayers - studentLayers,
            MapStrategy.Bottom => m => m,
            _ => throw new ArgumentOutOfRangeException(nameof(strategy), strategy, null),
        };
        var map = new LayerMap(
            strategy.ToString().ToLowerInvariant(),
            [.. Enumerable.Range(1, studentLayers).Select(m => new LayerPair(m, Math.Max(0, g(m))))]);
        map.Validate(studentLayers, teacherLayers);
        return map;
    }
}

/// <summary>The sum of the inner losses of <see cref="TransformerDistillation"/> for what both models computed.</summary>
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
    /// <exception cref="ReplicationException">
    /// The student is deeper than its teacher, or has another number of heads while attention is matched.
    /// </exception>
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
            throw new ReplicationException(
                $"A hidden size of {student.HiddenSize} cannot be shared by {student.NumAttentionHeads} heads; choose a multiple.");
        TinyLayerMaps.Of(method.Map, teacher.NumHiddenLayers, student.NumHiddenLayers);
        if (method.Terms.HasFlag(Terms.Attention) && student.NumAttentionHeads != teacher.NumAttentionHeads)
            throw new ReplicationException(
                $"The student has {student.NumAttentionHeads} attention heads and its teacher {teacher.NumAttentionHeads}; matching their "
                    + $"attention needs equally many, so name a teacher of {student.NumAttentionHeads} heads with --teacher.");
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
            terms.Add(("L_attn", Sum(pair => _method.Attention.Loss(
                student.AttentionScores[pair.Student - 1], teacher.AttentionScores[pair.Teacher - 1], mask))));
        if (_method.Terms.HasFlag(Terms.Hidden))
            terms.Add(("L_hidn", Sum(pair => _method.Hidden.Loss(
                _projections.Hidden(student.HiddenStates[pair.Student]), teacher.HiddenStates[pair.Teacher], mask))));
        if (_method.Terms.HasFlag(Terms.Embedding))
            terms.Add(("L_embd", _method.Hidden.Loss(_projections.Embedding(student.HiddenStates[0]), teacher.HiddenStates[0], mask)));
        foreach (var (_, value) in terms)
            value.MoveToOuterDisposeScope();
        return terms;
    }

    /// <summary>Propagates the sum of the terms back, by the batch's share of its step.</summary>
    /// <inheritdoc cref="Of" path="/param"/>
    public LossReport Backward(EncoderOutput student, EncoderOutput teacher, Tensor mask, double share = 1) =>
        WeightedTerms.Backward(share, Of(student, teacher, mask).Select(term => (term.Name, 1.0, term.Value)));

    private Tensor Sum(Func<LayerPair, Tensor> loss) => _map.Pairs.Select(loss).Aggregate((a, b) => a + b);
}

/// <summary>What the prediction step learns.</summary>
public enum PredictionTarget
{
    /// <summary>The teacher's outputs, L_pred.</summary>
    Teacher,

    /// <summary>The labels: the row "w/o Pred" of Table 3, and the same student without distillation.</summary>
    Labels,
}

/// <summary>
/// The second step of task distillation (equation 10): the cross-entropy between the teacher's outputs and the student's.
/// <code>L_pred = CE(z^T / t, z^S / t), t = 1</code>
/// </summary>
/// <param name="student">The student.</param>
/// <param name="teacherLogits">The teacher's outputs for a batch.</param>
/// <param name="soft">L_pred.</param>
internal sealed class PredictionObjective(BertForSequenceClassification student, Func<GlueBatch, Tensor> teacherLogits, SoftTargets soft)
    : IObjective
{
    /// <inheritdoc/>
    public LossReport ForwardBackward(GlueBatch batch)
    {
        using var scope = NewDisposeScope();
        var logits = student.forward(batch.Tokens, EncoderOutputs.None).Logits;
        return WeightedTerms.Backward(batch.Share, ("L_pred", 1, soft.Loss(logits, teacherLogits(batch))));
    }
}
