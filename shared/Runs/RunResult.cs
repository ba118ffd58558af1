using System.Text.Json.Serialization;

namespace Replication.Runs;

/// <summary>
/// What a run found: the content of result.json. It depends on the run's key alone, never on the clock;
/// times and memory are in the manifest, except for a run that measures time.
/// </summary>
public sealed record RunResult
{
    /// <summary>Scores by split and metric, such as "dev" to "accuracy"; null where a metric is undefined.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> Scores { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, double?>>();

    /// <summary>Other numbers by name, such as "parameters".</summary>
    public IReadOnlyDictionary<string, double> Facts { get; init; } = new Dictionary<string, double>();

    /// <summary>Samples by name, such as the seconds of each timed pass.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> Samples { get; init; } = new Dictionary<string, IReadOnlyList<double>>();

    /// <summary>For a selection: the spec key of the run that was chosen.</summary>
    public string? Chosen { get; init; }

    /// <summary>One of <see cref="Facts"/>.</summary>
    /// <exception cref="ReplicationException">The result holds none of that name.</exception>
    public double Fact(string name) => Facts.TryGetValue(name, out var value) ? value : throw Lacks(name);

    /// <summary>One of <see cref="Samples"/>.</summary>
    /// <exception cref="ReplicationException">The result holds none of that name, or no value at that place.</exception>
    public double Sample(string name, int index) =>
        Samples.TryGetValue(name, out var values) && index < values.Count ? values[index] : throw Lacks(name);

    /// <summary>One of <see cref="Scores"/>; null where it is undefined.</summary>
    /// <exception cref="ReplicationException">The result holds none of that name.</exception>
    public double? Score(string split, string metric) =>
        Scores.TryGetValue(split, out var metrics) && metrics.TryGetValue(metric, out var value) ? value : throw Lacks($"{split} {metric}");

    private static ReplicationException Lacks(string name) =>
        new($"A run's {RunStore.ResultName} lacks '{name}', so it is not what this program writes; delete the run's folder and run the "
            + $"command that computes it again.");
}

/// <summary>The content of manifest.json, written when a run is finished.</summary>
public sealed record RunManifest
{
    /// <summary><see cref="RunKey.Version"/>, first, so that a folder of another one is known by its beginning.</summary>
    public required int KeyVersion { get; init; }

    /// <summary>Digest of spec, inputs, environment and needed runs.</summary>
    public required string Key { get; init; }

    /// <summary>Digest of the spec alone.</summary>
    public required string SpecKey { get; init; }

    /// <summary>The run's kind.</summary>
    public required string Kind { get; init; }

    /// <summary>The run's label.</summary>
    public required string Label { get; init; }

    /// <summary>The spec's JSON.</summary>
    public required System.Text.Json.JsonElement Spec { get; init; }

    /// <summary>Data and models with their digests.</summary>
    public required IReadOnlyList<RunInput> Inputs { get; init; }

    /// <summary>Keys of the runs that it needed.</summary>
    public required IReadOnlyList<string> Needs { get; init; }

    /// <summary>What decides the outcome besides spec and inputs.</summary>
    public required RunEnvironment Environment { get; init; }

    /// <summary>
    /// The kinds of processor that computed it, by their instruction sets: more than one where it was stopped and resumed on
    /// another kind, in their order. Within one kind the same key gives the same bytes; another may differ in the last bits.
    /// </summary>
    public required IReadOnlyList<string> Processors { get; init; }

    /// <summary>The machine, for people.</summary>
    public required string Machine { get; init; }

    /// <summary>Commit of the source, "-dirty" appended where the work tree differed; null outside a checkout.</summary>
    public string? Commit { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset Finished { get; init; }

    /// <summary>Seconds of computing, over the first start and every resume.</summary>
    public required double Seconds { get; init; }

    /// <summary>How often it was stopped and resumed.</summary>
    public required int Resumes { get; init; }

    /// <summary>Times, rates and memory by name with their unit, such as "tokens per second".</summary>
    public required IReadOnlyDictionary<string, double> Measurements { get; init; }

    /// <summary>sha256 of the run's files by name.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }
}

/// <summary>The part of the environment that is in a run's key.</summary>
/// <param name="Device">cpu or cuda.</param>
/// <param name="Threads">Threads of one operation.</param>
/// <param name="Libtorch">Version of libtorch.</param>
public sealed record RunEnvironment(string Device, int Threads, string Libtorch)
{
    /// <summary>
    /// Rows of a training step that go through the models at once, for a device of little memory; null for the whole batch. The gradients
    /// of a step's parts add up to the batch's, in other bits, and dropout draws other masks.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MicroBatch { get; init; }
}
