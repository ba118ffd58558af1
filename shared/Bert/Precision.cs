namespace Replication.Bert;

/// <summary>Number format of the matrix products. Weights, LayerNorm, softmax and losses are fp32 in both.</summary>
public enum Precision
{
    /// <summary>32-bit floating point.</summary>
    Fp32,

    /// <summary>Matrix products in bfloat16, as under PyTorch's autocast.</summary>
    Bf16,
}

/// <summary>How a <see cref="Precision"/> is written.</summary>
public static class PrecisionText
{
    /// <summary>The word for people and options: fp32 or bf16.</summary>
    public static string Word(this Precision precision) => precision == Precision.Bf16 ? "bf16" : "fp32";
}
