using Replication.Measurements;

namespace Replication.Export;

/// <summary>What an export was held to before it was called done.</summary>
public sealed record ExportReport
{
    /// <summary>The form.</summary>
    public required OnnxForm Form { get; init; }

    /// <summary>Texts that were compared with TorchSharp, in fp32.</summary>
    public required int Texts { get; init; }

    /// <summary>Fewest and most tokens of one of them.</summary>
    public required (int Least, int Most) Tokens { get; init; }

    /// <summary>Largest difference of an output to TorchSharp's, in fp32.</summary>
    public required double Difference { get; init; }

    /// <summary>Bytes of model.onnx.</summary>
    public required long Bytes { get; init; }

    /// <summary>What quantisation changed; null in fp32.</summary>
    public QuantizationReport? Quantized { get; init; }

    /// <summary>The task's official metrics on dev in this form, as fractions; null without a task.</summary>
    public IReadOnlyDictionary<string, double?>? Scores { get; init; }
}

/// <summary>What quantisation changed.</summary>
public sealed record QuantizationReport
{
    /// <summary>Texts that get the same label as in fp32, as a fraction; null for scores.</summary>
    public required double? SameLabels { get; init; }

    /// <summary>Largest difference of an output when a text runs alone and in a batch with a loud neighbour.</summary>
    public required double NeighbourDifference { get; init; }

    /// <summary>The task's official metrics in fp32, as fractions; null without a task.</summary>
    public IReadOnlyDictionary<string, double?>? Fp32Scores { get; init; }

    /// <summary>Seconds for one text in fp32.</summary>
    public required Spread Fp32 { get; init; }

    /// <summary>Seconds for one text in int8.</summary>
    public required Spread Int8 { get; init; }

    /// <summary>Tokens of that text.</summary>
    public required int TimedTokens { get; init; }
}
