using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Replication.Runs;

/// <summary>
/// One run as a typed record: everything that decides its outcome, the runs that it needs included.
/// Two specs with equal content are one run.
/// </summary>
public abstract record RunSpec
{
    /// <summary>What sort of run it is, such as "fine-tune".</summary>
    public abstract string Kind { get; }

    /// <summary>Raised whenever the code behind this kind changes in a way that changes outcomes.</summary>
    public abstract int Version { get; }

    // What follows are methods, not properties, so that they stay out of the key.

    /// <summary>What it is, unless a paper that declares it has a name of its own for it.</summary>
    public abstract RunIdentity Identity();

    /// <summary>How people tell it from its neighbours, such as "SST-2 fine-tuned, seed 1".</summary>
    public virtual string Describe() => Identity().Describe();

    /// <summary>Runs that must be finished before this one starts.</summary>
    public virtual IReadOnlyList<RunSpec> Needs() => [];

    /// <summary>The data and models that the run reads, with their digests.</summary>
    /// <exception cref="ReplicationException">Something is missing; the message says what and how to get it.</exception>
    public abstract IReadOnlyList<RunInput> Inputs(Workspace workspace);

    /// <summary>How much it has to compute, for the plan's estimate.</summary>
    public abstract RunWork EstimateWork(Workspace workspace);

    /// <summary>Does the work; a checkpoint that lies in the folder is gone on from.</summary>
    public abstract RunResult Execute(RunContext context, CancellationToken cancellation);

    /// <summary>The spec as JSON, needed runs included.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, GetType(), KeyOptions);

    /// <summary>The same as a JSON value, for the manifest.</summary>
    public JsonElement ToElement() => JsonSerializer.SerializeToElement(this, GetType(), KeyOptions);

    /// <summary>Digest of the spec's content; the same on every machine.</summary>
    public string SpecKey() => Digest.OfText(ToJson());

    // Properties go by name, so that moving one in the source leaves the key as it is.
    private static readonly JsonSerializerOptions KeyOptions = new(Json.Compact)
    {
        Converters = { new WholeSpec() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { SortProperties } },
    };

    private static void SortProperties(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
            return;
        var sorted = type.Properties.OrderBy(p => p.Name, StringComparer.Ordinal).ToArray();
        type.Properties.Clear();
        foreach (var property in sorted)
            type.Properties.Add(property);
    }

    // A property declared as RunSpec is written with all that its actual type holds.
    private sealed class WholeSpec : JsonConverter<RunSpec>
    {
        public override RunSpec Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, RunSpec value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value, value.GetType(), options);
    }
}

/// <summary>A data set or model that a run reads.</summary>
/// <param name="Name">Such as "SST-2/train" or "minilm-l6".</param>
/// <param name="Sha256">Digest of its content.</param>
public sealed record RunInput(string Name, string Sha256);
