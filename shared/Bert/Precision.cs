namespace Replication.Bert;

/// <summary>Number format of the matrix products. Weights, LayerNorm, softmax and losses are fp32 in both.</summary>
public enum Precision
{
    /// <summary>32-bit floating point.</summary>
    Fp32,

    /// <summary>Matrix products in bfloat16, as under PyTorch's autocast.</summary>
    Bf16,
}
