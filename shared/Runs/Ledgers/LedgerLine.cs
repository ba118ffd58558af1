using System.Text.Json;
using System.Text.Json.Serialization;

namespace Replication.Runs;

/// <summary>A line of runs.jsonl.gz: a finished run. docs/ledger.md describes each field.</summary>
internal sealed record LedgerLine
{
    /// <summary>The schema that is written; another one is refused.</summary>
    public const int CurrentSchema = 1;

    /// <summary>Samples of more numbers than this, such as the importance of neurons, are in arrays.parquet.</summary>
    public const int LongestSample = 16;

    private static readonly JsonSerializerOptions Options = new(Json.Compact)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true,
    };

    public required int Schema { get; init; }

    public required string Key { get; init; }

    public required string Variant { get; init; }

    public string? Task { get; init; }

    public int? Replicate { get; init; }

    public required string Kind { get; init; }

    public required string Label { get; init; }

    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> Scores { get; init; }

    public required IReadOnlyDictionary<string, double> Facts { get; init; }

    public required IReadOnlyDictionary<string, IReadOnlyList<double>> Samples { get; init; }

    public string? Chosen { get; init; }

    public required string RecipeKey { get; init; }

    public required JsonElement Recipe { get; init; }

    public required IReadOnlyDictionary<string, string> Inputs { get; init; }

    public required IReadOnlyList<string> Needs { get; init; }

    public required RunEnvironment Environment { get; init; }

    public required IReadOnlyList<string> Processors { get; init; }

    public required string Machine { get; init; }

    public string? Commit { get; init; }

    public required DateTimeOffset Started { get; init; }

    public required DateTimeOffset Finished { get; init; }

    public required double Seconds { get; init; }

    public required int Resumes { get; init; }

    public required IReadOnlyDictionary<string, double> Measurements { get; init; }

    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>The line of a run.</summary>
    public static LedgerLine Of(LedgerRun entry)
    {
        var (identity, (_, manifest, result)) = entry;
        return new LedgerLine
        {
            Schema = CurrentSchema,
            Key = manifest.Key,
            Variant = identity.Variant,
            Task = identity.Task,
            Replicate = identity.Replicate,
            Kind = manifest.Kind,
            Label = manifest.Label,
            Scores = Sorted(result.Scores.ToDictionary(split => split.Key, split => Sorted(split.Value))),
            Facts = Sorted(result.Facts),
            Samples = Sorted(result.Samples.Where(sample => sample.Value.Count <= LongestSample).ToDictionary()),
            Chosen = result.Chosen,
            RecipeKey = manifest.SpecKey,
            Recipe = manifest.Spec,
            Inputs = Sorted(manifest.Inputs.ToDictionary(input => input.Name, input => input.Sha256)),
            Needs = manifest.Needs,
            Environment = manifest.Environment,
            Processors = manifest.Processors,
            Machine = manifest.Machine,
            Commit = manifest.Commit,
            Started = manifest.Started,
            Finished = manifest.Finished,
            Seconds = manifest.Seconds,
            Resumes = manifest.Resumes,
            Measurements = Sorted(manifest.Measurements),
            Files = Sorted(manifest.Files.Where(file => IsLeftOut(file.Key)).ToDictionary()),
        };
    }

    /// <summary>The run of the line.</summary>
    /// <param name="folder">The ledger's folder.</param>
    /// <param name="tables">The tables beside it.</param>
    public LedgerRun ToRun(string folder, LedgerTables tables) => new(
        new RunIdentity(Variant, Task, Replicate),
        new FinishedRun(
            folder,
            new RunManifest
            {
                KeyVersion = RunKey.Version,
                Key = Key,
                SpecKey = RecipeKey,
                Kind = Kind,
                Label = Label,
                Spec = Recipe,
                Inputs = [.. Inputs.Select(input => new RunInput(input.Key, input.Value))],
                Needs = Needs,
                Environment = Environment,
                Processors = Processors,
                Machine = Machine,
                Commit = Commit,
                Started = Started,
                Finished = Finished,
                Seconds = Seconds,
                Resumes = Resumes,
                Measurements = Measurements,
                Files = Files,
            },
            new RunResult {
                Scores = Scores, Facts = Facts, Samples = Sorted(Samples.Concat(tables.LongSamples(Key)).ToDictionary()), Chosen = Chosen })
        {
            Details = tables.Of(Key),
        });

    /// <summary>As in the file, without the line's end.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <summary>Reads a line.</summary>
    /// <param name="text">The line.</param>
    /// <param name="place">File and number of the line, for messages.</param>
    /// <exception cref="ReplicationException">It is not of this schema.</exception>
    public static LedgerLine Parse(string text, string place)
    {
        try
        {
            var line = JsonSerializer.Deserialize<LedgerLine>(text, Options) ?? throw new JsonException("nothing is there");
            if (line.Schema != CurrentSchema)
                throw new ReplicationException(
                    $"{place} has schema {line.Schema}, where this version of the suite reads {CurrentSchema}; use the version that "
                    + $"wrote it.");
            if (line.Key.Length < RunKey.ShortLength || line.Scores.Values.Any(split => split is null)
                || line.Samples.Values.Any(sample => sample is null)
                || line.Needs.Any(need => need is null) || line.Processors.Any(kind => kind is null)
                    || line.Inputs.Values.Any(digest => digest is null))
                throw new JsonException("a key is short or a value is null");
            return line;
        }
        catch (JsonException e)
        {
            throw new ReplicationException(
                $"{place}: not a run of the ledger ({e.Message.Split(" Path:")[0].TrimEnd('.')}); get the file again, such as with "
                + $"'git checkout'.", inner: e);
        }
    }

    // What is not in the ledger is named by its digest: the model, whose bytes another computation may be held against, and predictions.
    private static bool IsLeftOut(string name) =>
        Path.GetExtension(name) is ".safetensors" or ".parquet" || name.StartsWith(RunFiles.PredictionsPrefix, StringComparison.Ordinal);

    private static IReadOnlyDictionary<string, T> Sorted<T>(IReadOnlyDictionary<string, T> values) =>
        new SortedDictionary<string, T>(values.ToDictionary(), StringComparer.Ordinal);
}
