using Replication.Distillation;

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
