using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Replication.Runs;

/// <summary>
/// One run as a typed record: everything that decides its outcome, the runs that it needs included.
/// Two specs with equal content are one run.
/// </summary>
/// <remarks>
/// Every property is part of the key by its name, save those marked <see cref="NotInKeyAttribute"/>: one that were forgotten would
/// pass off an old result as a new one, while one too many costs a computation. A property or record that is renamed keeps its
/// old name in the key with <see cref="JsonPropertyNameAttribute"/>, an enum's member with
/// <see cref="JsonStringEnumMemberNameAttribute"/>. One that is added stays out while it is null or, with
/// <see cref="JsonIgnoreAttribute"/> when writing the default, has the value that means what was before. The committed ledgers
/// hold every source to that.
/// </remarks>
public abstract record RunSpec
{
    /// <summary>What sort of run it is, such as "fine-tune".</summary>
    public abstract string Kind { get; }

    /// <summary>Raised whenever the code behind this kind changes in a way that changes outcomes.</summary>
    public virtual int Version => 1;

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

    /// <summary>Does the work, resuming from a checkpoint in the folder.</summary>
    public abstract RunResult Execute(RunContext context, CancellationToken cancellation);

    /// <summary>What decides the outcome, as JSON; a run that it holds is named by its spec key.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, GetType(), KeyOptions);

    /// <summary>The same as a JSON value, for the manifest.</summary>
    public JsonElement ToElement() => JsonSerializer.SerializeToElement(this, GetType(), KeyOptions);

    /// <summary>Digest of the spec's content; the same on every machine.</summary>
    public string SpecKey() => Digest.OfText(ToJson());

    // Nulls are left out, so that an option that is added and not taken changes no key.
    private static readonly JsonSerializerOptions KeyOptions = new(Json.Compact)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Arrange } },
    };

    // Properties go by name, so that moving one in the source leaves the key as it is.
    private static void Arrange(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
            return;
        var properties = type.Properties
            .Where(property =>
                property.Get is not null && property.AttributeProvider?.IsDefined(typeof(NotInKeyAttribute), inherit: true) != true)
            .Select(property => HoldsRuns(property.PropertyType) ? Named(type, property) : property)
            .OrderBy(property => property.Name, StringComparer.Ordinal).ToArray();
        type.Properties.Clear();
        foreach (var property in properties)
            type.Properties.Add(property);
    }

    private static bool HoldsRuns(Type type) =>
        typeof(RunSpec).IsAssignableFrom(type) || typeof(IEnumerable<RunSpec>).IsAssignableFrom(type);

    private static JsonPropertyInfo Named(JsonTypeInfo type, JsonPropertyInfo property)
    {
        var named = type.CreateJsonPropertyInfo(typeof(object), property.Name);
        named.Get = holder => property.Get!(holder) switch
        {
            RunSpec run => run.SpecKey(),
            IEnumerable<RunSpec> runs => runs.Select(run => run.SpecKey()).ToArray(),
            _ => null,
        };
        if (property.ShouldSerialize is { } isWritten)
            named.ShouldSerialize = (holder, _) => isWritten(holder, property.Get!(holder));
        return named;
    }
}

/// <summary>Marks what of a spec decides no outcome, such as a name for people.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotInKeyAttribute : Attribute;

/// <summary>A data set or model that a run reads.</summary>
/// <param name="Name">Such as "SST-2/train" or "minilm-l6".</param>
/// <param name="Sha256">Digest of its content.</param>
public sealed record RunInput(string Name, string Sha256);
