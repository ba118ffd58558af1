using System.CommandLine;
using Replication.Measurements;
using Replication.Runs;
using Replication.Studies;

namespace Replication.CommandLine;

/// <summary>Options of the verbs that are about a paper's experiments.</summary>
internal sealed class PaperOptions
{
    private static readonly string[] Profiles = [.. Enum.GetNames<Profile>().Select(n => n.ToLowerInvariant())];

    public Option<string?> Profile { get; } = ProfileOption("How much is run (default: quick on a CPU, small on a GPU).");

    public Option<int?> Seeds { get; } = OptionFactory.Integer("--seeds", "How many seeds (default: the profile's).", 1, 100);

    public Option<string[]?> Tasks { get; } =
        OptionFactory.Names("--tasks", "GLUE tasks, with commas between them (default: the profile's).", "A,B", SharedOptions.TaskNames);

    public Option<string?> Teacher { get; } = OptionFactory.Text(
        "--teacher", "Pretrained model to start from: a name or a folder (default: the profile's).", SharedOptions.ModelName);

    public Option<string?> Corpus { get; } = OptionFactory.Text(
        "--corpus", "Text to pre-train or distil on: a sentence a line, an empty line between documents (default: the profile's).", "FILE");

    public Option<string?> Glove { get; } = SharedOptions.Glove();

    public Option<string[]?> Released { get; } = new("--released")
    {
        Description = "Profile released: the folder of a model that the paper's authors published; once a model.", HelpName = "NAME=FOLDER",
    };

    public Option<string?> Precision { get; } = SharedOptions.Precision();

    public Option<string?> Fidelity { get; } = OptionFactory.Choice(
        "--fidelity", "Form of the method, where the paper and its authors' program differ (default: default).",
        [.. Enum.GetNames<Fidelity>().Select(n => n.ToLowerInvariant())]);

    private readonly Option<string?> _variant = Replaced("--variant", "--fidelity");

    /// <summary>The option that names a profile.</summary>
    public static Option<string?> ProfileOption(string description) => OptionFactory.Choice("--profile", description, Profiles);

    /// <summary>The form of a name.</summary>
    /// <exception cref="ReplicationException">One of the papers has no such form.</exception>
    public static Fidelity ParseFidelity(string? name, IReadOnlyList<IPaper> papers)
    {
        var fidelity = name is null ? Studies.Fidelity.Default : Enum.Parse<Fidelity>(name, ignoreCase: true);
        return papers.FirstOrDefault(paper => !paper.Fidelities.Contains(fidelity)) is { } without
            ? throw new ReplicationException(
                $"--fidelity is {name}, which {without.Name} does not have; it has "
                    + $"{Words.Either([.. without.Fidelities.Select(form => form.ToString().ToLowerInvariant())])}.",
                    ReplicationException.UsageError)
            : fidelity;
    }

    /// <summary>The profile of a name; null for none.</summary>
    public static Profile? Parse(string? name) => name is null ? null : Enum.Parse<Profile>(name, ignoreCase: true);

    // An option that has another name now: hidden, and refused in a sentence that names the new word.
    private static Option<string?> Replaced(string old, string now)
    {
        var option = new Option<string?>(old) { Hidden = true };
        option.Validators.Add(result => result.AddError($"{old} is now called {now}; write {now} in its place."));
        return option;
    }

    /// <summary>Options that choose a part of what a paper runs.</summary>
    public Option<string?> Table { get; } =
        OptionFactory.Text("--table", "Run only what one table of the paper needs, such as 3 (default: all).", "N");

    public Option<string?> Claim { get; } =
        OptionFactory.Text("--claim", "Run only what one claim needs, by its id as claims.csv has it (default: all).", "ID");

    public void AddPartsTo(Command command)
    {
        AddTo(command);
        command.Options.Add(Table);
        command.Options.Add(Claim);
    }

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[Profile, Seeds, Tasks, Teacher, Corpus, Glove, Released, Precision, Fidelity, _variant])
            command.Options.Add(option);
    }

    /// <summary>What the user asked of some papers; without a profile, the one that fits the device.</summary>
    /// <param name="parse">The options.</param>
    /// <param name="device">cpu or cuda.</param>
    /// <param name="papers">The papers.</param>
    /// <param name="automatic">The number format where none is named.</param>
    public ExperimentRequest Request(ParseResult parse, string device, IReadOnlyList<IPaper> papers, Func<PrecisionChoice> automatic)
    {
        var request = WithoutPrecision(parse, device, papers);
        var choice = SharedOptions.ParsePrecision(parse.GetValue(Precision)) is { } named
            ? new PrecisionChoice(named, ExperimentRequest.PrecisionNamed)
            : request.Profile == Studies.Profile.Evidence ? new PrecisionChoice(Bert.Precision.Fp32, ExperimentRequest.PrecisionOfEvidence)
            : automatic();
        return request with { Precision = choice.Precision, PrecisionReason = choice.Reason };
    }

    /// <summary>
    /// What the user asked of a trained model. A task that the profile has not is one that --tasks named when it was trained. Where
    /// no number format is named, it is the one that a model was trained in here: of several the one that the kept request names.
    /// </summary>
    /// <param name="parse">The options.</param>
    /// <param name="device">cpu or cuda.</param>
    /// <param name="paper">The paper.</param>
    /// <param name="task">The task; null for any.</param>
    /// <param name="results">Where results are.</param>
    /// <param name="store">Finished runs.</param>
    public ExperimentRequest Request(ParseResult parse, string device, IPaper paper, string? task, ResultsPlace results, RunStore store)
    {
        var request = WithoutPrecision(parse, device, [paper]);
        if (task is not null && request.Tasks.Count == 0 && !paper.Declared(request).Any(run => run.Identity.Task == task))
            request = request with { Tasks = [task] };
        if (SharedOptions.ParsePrecision(parse.GetValue(Precision)) is { } named)
            return request with { Precision = named, PrecisionReason = ExperimentRequest.PrecisionNamed };
        var kept = new PaperReports(results, paper, request.Profile, request.Fidelity, []).Kept();
        IReadOnlyList<ExperimentRequest> formats =
            [.. new[] { kept?.Precision ?? Bert.Precision.Fp32, Bert.Precision.Fp32, Bert.Precision.Bf16 }
                .Distinct().Select(precision => request with { Precision = precision })];
        return formats.FirstOrDefault(one => Plan.Build(paper.Experiments(one)).Runs.Any(run => IsTrained(store, run.Spec))) ?? formats[0];
    }

    // What is wrong with an input or a run is said by whoever needs it.
    private static bool IsTrained(RunStore store, RunSpec spec)
    {
        try
        {
            return store.Find(spec) is { HasModel: true };
        }
        catch (ReplicationException)
        {
            return false;
        }
    }

    private ExperimentRequest WithoutPrecision(ParseResult parse, string device, IReadOnlyList<IPaper> papers) => new()
    {
        Profile = Parse(parse.GetValue(Profile)) ?? (device == "cuda" ? Studies.Profile.Small : Studies.Profile.Quick),
        Seeds = parse.GetValue(Seeds),
        Tasks = parse.GetValue(Tasks) ?? [],
        Teacher = parse.GetValue(Teacher),
        Corpus = parse.GetValue(Corpus),
        Glove = parse.GetValue(Glove),
        Released = ReleasedCheckpoint.Folders(parse.GetValue(Released) ?? []),
        Fidelity = ParseFidelity(parse.GetValue(Fidelity), papers),
        Device = device,
        Table = parse.GetValue(Table),
        Claim = parse.GetValue(Claim),
    };
}
