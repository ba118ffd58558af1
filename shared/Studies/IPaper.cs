using System.Collections.ObjectModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Replication.Bert;
using Replication.Glue;
using Replication.Runs;

namespace Replication.Studies;

/// <summary>How much is run.</summary>
public enum Profile
{
    /// <summary>The first look: at most 15 minutes on 2 CPU cores.</summary>
    Quick,

    /// <summary>Evidence on real data: at most 90 minutes on 2 CPU cores.</summary>
    Small,

    /// <summary>The paper itself, on a GPU.</summary>
    Paper,

    /// <summary>The recipe of an independent PyTorch run of the same models and data, to check this code against it.</summary>
    Reference,

    /// <summary>Small's teacher and data with the replicates that the paper's evidence.md names, each with a teacher of its own.</summary>
    Evidence,

    /// <summary>Models that the paper's authors published, measured and never trained.</summary>
    Released,
}

/// <summary>What the user asked of a paper.</summary>
public sealed record ExperimentRequest
{
    /// <summary>The profile.</summary>
    public required Profile Profile { get; init; }

    /// <summary>Number of seeds (1, 2, ...); null for the profile's own.</summary>
    public int? Seeds { get; init; }

    /// <summary>GLUE tasks by name; empty for the profile's own.</summary>
    public IReadOnlyList<string> Tasks { get; init; } = [];

    /// <summary>Name or folder of the pretrained model; null for the profile's own.</summary>
    public string? Teacher { get; init; }

    /// <summary>
    /// Text file for general distillation and pre-training; null for the profile's own. Where a request is kept its name alone is: results
    /// are the same wherever it is.
    /// </summary>
    [JsonConverter(typeof(NameOfFile))]
    public string? Corpus { get; init; }

    /// <summary>File of word vectors for augmentation; null for none. Its name alone is kept, as a corpus's.</summary>
    [JsonConverter(typeof(NameOfFile))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? Glove { get; init; }

    /// <summary>
    /// Number format of the matrix products in training and augmentation. Requests kept before it was chosen by machine name none, and ran
    /// in bf16.
    /// </summary>
    [JsonConverter(typeof(Bf16WhereNull))]
    public Precision Precision { get; init; } = Precision.Bf16;

    /// <summary>Why this number format, for people; null in requests kept before it was chosen by machine.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PrecisionReason { get; init; }

    /// <summary>The <see cref="PrecisionReason"/> where the user named the format.</summary>
    public const string PrecisionNamed = "named by --precision";

    /// <summary>The <see cref="PrecisionReason"/> of profile evidence, to which any machine may add replicates.</summary>
    public const string PrecisionOfEvidence = "evidence is fp32, so that every machine can add to it";

    /// <summary>
    /// Which form of the method. Left out of a kept request where it is the default, as requests kept before have it not.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Fidelity Fidelity { get; init; }

    /// <summary>The only table whose runs are wanted, such as "3"; null for all. It decides what is run now and is not kept.</summary>
    [JsonIgnore]
    public string? Table { get; init; }

    /// <summary>The only claim whose runs are wanted, by its id; null for all. It is not kept.</summary>
    [JsonIgnore]
    public string? Claim { get; init; }

    /// <summary>Folders of models that the authors published, by <see cref="ReleasedCheckpoint.Name"/>; not kept, as no place is.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Released { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Device that runs, cpu or cuda.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Whether teacher and geometry are the paper's.</summary>
    [JsonIgnore]
    public bool IsPapersOwn => this is { Profile: Profile.Paper or Profile.Released, Teacher: null };

    /// <summary>A profile's settings with the user's wishes: teacher, tasks and replicates.</summary>
    /// <exception cref="ReplicationException">A task that GLUE does not have, or a number of replicates that cannot be used.</exception>
    public TSettings AppliedTo<TSettings>(TSettings own)
        where TSettings : ProfileSettings => own with
    {
        Teacher = Teacher ?? own.Teacher,
        Tasks = Tasks.Count > 0 ? [.. Tasks.Select(GlueTasks.Parse)] : own.Tasks,
        Replicates = SeedsOr(own.Replicates),
    };

    /// <summary>The profile as people and folders name it: such as "small", or "small-official".</summary>
    public string ProfileName() => NameOf(Profile, Fidelity);

    /// <summary>What a person types to run it, such as "./reproduce.ps1 dynabert --profile small --fidelity official".</summary>
    public string Command(string paper) => $"./reproduce.ps1 {string.Join(' ', Words(paper))}";

    /// <summary>The same as words: the paper and its options.</summary>
    public IReadOnlyList<string> Words(string paper)
    {
        (string Option, string? Value)[] words =
        [
            ("profile", NameOf(Profile, Fidelity.Default)),
            ("fidelity", Fidelity == Fidelity.Default ? null : Fidelity.ToString().ToLowerInvariant()),
            ("seeds", Seeds?.ToString(CultureInfo.InvariantCulture)), ("tasks", Tasks.Count == 0 ? null : string.Join(',', Tasks)),
            ("teacher", Teacher), ("corpus", Corpus), ("glove", Glove),
            ("precision", PrecisionReason == PrecisionNamed ? Precision.Word() : null),
        ];
        return
        [
            paper, .. words.Where(word => word.Value is not null).SelectMany(word => new[] { $"--{word.Option}", word.Value! }),
            .. Released.SelectMany(model => new[] { "--released", $"{model.Key}={model.Value}" }),
        ];
    }

    /// <inheritdoc cref="ProfileName"/>
    public static string NameOf(Profile profile, Fidelity fidelity) =>
        (fidelity == Fidelity.Default ? $"{profile}" : $"{profile}-{fidelity}").ToLowerInvariant();

    /// <summary>How many seeds to run.</summary>
    /// <param name="own">The profile's number, where the user named none.</param>
    /// <exception cref="ReplicationException">Fewer than 1, or more than 100.</exception>
    public int SeedsOr(int own) => Seeds switch
    {
        null => own,
        >= 1 and <= 100 => Seeds.Value,
        _ => throw new ReplicationException(
            $"The number of seeds is {Seeds}; it must lie between 1 and 100.", ReplicationException.UsageError),
    };

    private sealed class Bf16WhereNull : JsonConverter<Precision>
    {
        public override bool HandleNull => true;

        public override Precision Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? Precision.Bf16 : JsonSerializer.Deserialize<Precision>(ref reader, options);

        public override void Write(Utf8JsonWriter writer, Precision value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value, options);
    }

    private sealed class NameOfFile : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.GetString();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Path.GetFileName(value));
    }
}

/// <summary>One paper: its experiments, and the report that is made of their runs.</summary>
public interface IPaper
{
    /// <summary>The verb, such as "patientkd"; also the folder under results/.</summary>
    string Name { get; }

    /// <summary>Title, for help and reports.</summary>
    string Title { get; }

    /// <summary>The forms of its method that can be run.</summary>
    IReadOnlyList<Fidelity> Fidelities => [Fidelity.Default];

    /// <summary>The runs whose results the report needs; what they need in turn is found by the plan.</summary>
    IReadOnlyList<RunSpec> Experiments(ExperimentRequest request);

    /// <summary>The same with what each is in this paper: its variant, task and replicate.</summary>
    IReadOnlyList<DeclaredRun> Declared(ExperimentRequest request) =>
        [.. Experiments(request).Select(spec => new DeclaredRun(spec.Identity(), spec))];

    /// <summary>
    /// The paper profile's kinds of run, one of each, cut to a few steps, from a model of random weights: whether they run on
    /// this machine, in what time and memory. None where a paper has no such list.
    /// </summary>
    /// <param name="model">A model's name.</param>
    /// <param name="precision">Number format of the matrix products.</param>
    IReadOnlyList<RunSpec> Smoke(string model, Precision precision) => [];

    /// <summary>What the paper says its training cost; null where it says nothing.</summary>
    PublishedCost? PublishedCost => null;

    /// <summary>The report; <paramref name="find"/> gives a finished run or null. Computes nothing but the report.</summary>
    PaperReport Report(ExperimentRequest request, Func<RunSpec, FinishedRun?> find);

    /// <summary>
    /// The same, with the students of other papers' finished runs of the profile, which a figure may show beside its own.
    /// </summary>
    PaperReport Report(ExperimentRequest request, Func<RunSpec, FinishedRun?> find, IReadOnlyList<TrainedStudent> others) =>
        Report(request, find);

    /// <summary>The paper's finished students that others may show; none by default.</summary>
    IReadOnlyList<TrainedStudent> Students(ExperimentRequest request, Func<RunSpec, FinishedRun?> find) => [];
}
