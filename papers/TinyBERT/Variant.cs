namespace Replication.TinyBERT;

/// <summary>The rows of Tables 2, 3, 4 and 7, and the same student without distillation.</summary>
public enum Variant
{
    /// <summary>General distillation, then both steps of task distillation on augmented rows; the uniform map, all terms.</summary>
    Full,

    /// <summary>Task distillation from random weights.</summary>
    WithoutGD,

    /// <summary>After general distillation, fine-tuned on the labels of the augmented rows.</summary>
    WithoutTD,

    /// <summary>Task distillation on the original rows alone.</summary>
    WithoutDA,

    /// <summary>Neither L_attn nor L_hidn, in both stages.</summary>
    WithoutTrm,

    /// <summary>No L_attn.</summary>
    WithoutAttn,

    /// <summary>No L_hidn.</summary>
    WithoutHidn,

    /// <summary>No L_embd.</summary>
    WithoutEmbd,

    /// <summary>The prediction step learns the labels of the original rows.</summary>
    WithoutPred,

    /// <summary>The teacher's last layers teach.</summary>
    Top,

    /// <summary>The teacher's first layers teach.</summary>
    Bottom,

    /// <summary>The same student from random weights, on labels only.</summary>
    LabelsFromRandom,

    /// <summary>The same student from general distillation, on labels only: TinyBERT (GD) of Table 7.</summary>
    LabelsFromGeneral,
}

/// <summary>What a variant changes.</summary>
internal static class VariantParts
{
    /// <summary>The method with a variant's terms and map.</summary>
    public static TransformerDistillation Of(this Variant variant, TransformerDistillation method) => variant switch
    {
        Variant.WithoutTrm => method with { Terms = Terms.All & ~Terms.Transformer },
        Variant.WithoutAttn => method with { Terms = Terms.All & ~Terms.Attention },
        Variant.WithoutHidn => method with { Terms = Terms.All & ~Terms.Hidden },
        Variant.WithoutEmbd => method with { Terms = Terms.All & ~Terms.Embedding },
        Variant.Top => method with { Map = MapStrategy.Top },
        Variant.Bottom => method with { Map = MapStrategy.Bottom },
        _ => method,
    };

    /// <summary>How tables name it.</summary>
    public static string Text(this Variant variant) => variant switch
    {
        Variant.Full => "TinyBERT",
        Variant.Top => "Top",
        Variant.Bottom => "Bottom",
        Variant.LabelsFromRandom => "labels only, random start",
        Variant.LabelsFromGeneral => "labels only, from GD",
        _ => "w/o " + variant.ToString()["Without".Length..],
    };
}
