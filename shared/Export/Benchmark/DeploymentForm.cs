namespace Replication.Export.Benchmark;

/// <summary>What a model is run by and in.</summary>
public enum DeploymentForm
{
    /// <summary>TorchSharp, fp32.</summary>
    TorchSharp,

    /// <summary>ONNX Runtime, fp32, with its own operators.</summary>
    Fp32,

    /// <summary>ONNX Runtime, int8 with a scale a token, with its own operators.</summary>
    Int8,
}

/// <summary>A model that is measured.</summary>
/// <param name="Name">Such as "TinyBERT4".</param>
/// <param name="Folder">Its folder in Hugging Face's layout.</param>
/// <param name="Origin">What trained it; null for random weights, which are not scored.</param>
/// <param name="IsStarted">Whether programs are started with it, for cold start and memory.</param>
public sealed record DeploymentSubject(string Name, string Folder, string? Origin, bool IsStarted);

/// <summary>What a model costs in one form on one machine.</summary>
public sealed record DeploymentCost
{
    /// <summary>The model.</summary>
    public required string Subject { get; init; }

    /// <summary>What trained it; null for random weights.</summary>
    public string? Origin { get; init; }

    /// <summary>What it is run by and in.</summary>
    public required DeploymentForm Form { get; init; }

    /// <summary>Parameters.</summary>
    public required long Parameters { get; init; }

    /// <summary>Seconds of one text by its tokens, tokenizing included.</summary>
    public required IReadOnlyDictionary<int, Measurements.Spread> Seconds { get; init; }

    /// <summary>Texts a second in batches of 32 texts of 32 tokens.</summary>
    public required Measurements.Spread TextsPerSecond { get; init; }

    /// <summary>Most bytes that a program with this model alone held after it answered once; null where it was not started.</summary>
    public required long? PeakBytes { get; init; }

    /// <summary>Seconds from such a program's start to its first answer; null where it was not started.</summary>
    public required Measurements.Spread? ColdStart { get; init; }

    /// <summary>Bytes of the model's folder.</summary>
    public required long FolderBytes { get; init; }

    /// <summary>Largest difference of an output to TorchSharp's; null but in fp32.</summary>
    public double? Difference { get; init; }

    /// <summary>The task's main metric on dev, as a fraction; null for random weights.</summary>
    public required double? Score { get; init; }
}

/// <summary>Everything that one call measured.</summary>
public sealed record DeploymentReport
{
    /// <summary>When.</summary>
    public required DateTimeOffset Measured { get; init; }

    /// <summary>The machine.</summary>
    public required Runs.MachineInfo Machine { get; init; }

    /// <summary>Whether the processor multiplies bytes four at a time.</summary>
    public required bool HasVnni { get; init; }

    /// <summary>Threads that compute a call.</summary>
    public required int Threads { get; init; }

    /// <summary>ONNX Runtime's version.</summary>
    public required string OnnxRuntime { get; init; }

    /// <summary>Most rounds of a measurement.</summary>
    public required int Rounds { get; init; }

    /// <summary>Texts on which fp32 was compared with TorchSharp.</summary>
    public required int ComparedTexts { get; init; }

    /// <summary>The scored task and its metric, with rows and digest of its dev set; null where nothing was scored.</summary>
    public required string? Score { get; init; }

    /// <summary>Models by form.</summary>
    public required IReadOnlyList<DeploymentCost> Costs { get; init; }

    /// <summary>What the package adds to ONNX Runtime's own call, tokenizing included, in seconds; the fastest model, 64 tokens.</summary>
    public required Measurements.Spread Overhead { get; init; }

    /// <summary>Bytes of the published program with ONNX Runtime, without the model.</summary>
    public required long? ProgramBytes { get; init; }

    /// <summary>Whether that program was compiled ahead of time.</summary>
    public required bool IsAheadOfTime { get; init; }

    /// <summary>Bytes of the program with TorchSharp, without the model.</summary>
    public required long? TorchProgramBytes { get; init; }
}
