namespace Replication.Export;

/// <summary>What an exported model's products are computed in.</summary>
public enum Quantization
{
    /// <summary>fp32, as it was trained.</summary>
    None,

    /// <summary>Bytes, with a scale for each token that is found when the text is there.</summary>
    Dynamic,

    /// <summary>Bytes, with scales that were found on training rows.</summary>
    Static,
}

/// <summary>A form that a model can be exported in.</summary>
/// <param name="Quantization">What its products are computed in.</param>
/// <param name="Fused">Whether it has ONNX Runtime's own operators, which no other program runs.</param>
public sealed record OnnxForm(Quantization Quantization, bool Fused)
{
    /// <summary>Its name, such as "int8 (dynamic), fused".</summary>
    public override string ToString() =>
        (Quantization == Quantization.None ? "fp32" : $"int8 ({Quantization.ToString().ToLowerInvariant()})") + (Fused ? ", fused" : "");
}
