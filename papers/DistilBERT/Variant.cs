using Replication.Bert.Distil;

namespace Replication.DistilBERT;

/// <summary>A way to pretrain the student: the paper's, those of its ablation (Table 4), and the comparison that it leaves open.</summary>
public enum Variant
{
    /// <summary>The triple loss from the teacher's layers.</summary>
    Triple,

    /// <summary>Without the soft targets.</summary>
    WithoutSoft,

    /// <summary>Without the cosine loss.</summary>
    WithoutCosine,

    /// <summary>Without the masked language model.</summary>
    WithoutMasked,

    /// <summary>The triple loss from random weights.</summary>
    RandomStart,

    /// <summary>The masked language model alone, from the teacher's layers: as many steps without a teacher.</summary>
    MaskedOnly,
}

/// <summary>What each variant changes.</summary>
public static class Variants
{
    /// <summary>How reports name a variant.</summary>
    public static string Name(this Variant variant) => variant switch
    {
        Variant.Triple => "triple loss",
        Variant.WithoutSoft => "without L_ce",
        Variant.WithoutCosine => "without L_cos",
        Variant.WithoutMasked => "without L_mlm",
        Variant.RandomStart => "triple loss, random weights",
        Variant.MaskedOnly => "L_mlm alone",
        _ => throw new ArgumentOutOfRangeException(nameof(variant), variant, null),
    };

    /// <summary>The recipe of a variant: the others' with one thing changed.</summary>
    public static PretrainingRecipe Of(this PretrainingRecipe recipe, Variant variant) => variant switch
    {
        Variant.Triple => recipe,
        Variant.WithoutSoft => recipe with { Loss = recipe.Loss with { SoftWeight = 0 } },
        Variant.WithoutCosine => recipe with { Loss = recipe.Loss with { CosineWeight = 0 } },
        Variant.WithoutMasked => recipe with { Loss = recipe.Loss with { MaskedWeight = 0 } },
        Variant.RandomStart => recipe with { Start = StudentStart.Random },
        Variant.MaskedOnly => recipe with { Loss = TripleLoss.MaskedOnly },
        _ => throw new ArgumentOutOfRangeException(nameof(variant), variant, null),
    };
}
