using Replication.Claims;
using Replication.Glue;
using Replication.Runs;

namespace Replication.Studies;

/// <summary>
/// All that a paper declares for one request. Plan, scores, signatures, verdicts and every form of each table follow from it.
/// </summary>
public sealed record Study
{
    private readonly StudyPaper _paper;

    /// <summary>Begins a declaration.</summary>
    /// <param name="paper">The paper.</param>
    /// <param name="request">What the user asked for.</param>
    /// <param name="settings">What the profile fixes for it.</param>
    public Study(StudyPaper paper, ExperimentRequest request, ProfileSettings settings) =>
        (_paper, Request, Settings) = (paper, request, settings);

    /// <summary>The paper's name, such as "TinyBERT".</summary>
    public string Paper => _paper.Paper;

    /// <summary>The word by which it is run, such as "tinybert".</summary>
    public string Verb => _paper.Name;

    /// <summary>First part of its claims' ids.</summary>
    public string Prefix => _paper.Prefix;

    /// <summary>What the user asked for.</summary>
    public ExperimentRequest Request { get; init; }

    /// <summary>What the profile fixes for it.</summary>
    public ProfileSettings Settings { get; }

    /// <summary>The published cells.</summary>
    public PublishedCells Published => _paper.Published;

    /// <summary>The tasks; fixed, not a sample.</summary>
    public IReadOnlyList<GlueTask> Tasks => Settings.Tasks;

    /// <summary>
    /// Tasks whose data few people have: their runs are left out where it is missing, unless the request names their table or claim.
    /// </summary>
    public IReadOnlyList<GlueTask> OptionalTasks { get; init; } = [];

    /// <summary>How many replicates.</summary>
    public int Replicates => Settings.Replicates;

    /// <summary>Name of the pretrained teacher.</summary>
    public string TeacherModel => Settings.Teacher;

    /// <summary>The fine-tuned teacher, whose score tells whether a task can be compared on.</summary>
    public required Variant Teacher { get; init; }

    /// <summary>What every signature says of students and teacher, such as "student 3 x 384 | teacher minilm-l6".</summary>
    public required string Setting { get; init; }

    /// <summary>What the scores of the paper take: teacher, data, hardware, command.</summary>
    public required string Needs { get; init; }

    /// <summary>The tables in the paper's order.</summary>
    public required IReadOnlyList<StudyTable> Tables { get; init; }

    /// <summary>What beats what.</summary>
    public IReadOnlyList<Order> Orders { get; init; } = [];

    /// <summary>When verdicts on orders are taken, written down before the measurement.</summary>
    public LookPlan Looks => Settings.Looks ?? LookPlan.Once(Math.Max(2, Replicates));

    /// <summary>
    /// How the planned replicates of a claim are run, a sentence with a space before it, where profile evidence has its runs and this
    /// profile is a smaller one; else empty.
    /// </summary>
    /// <param name="claim">The claim's whole id.</param>
    public string Settling(string claim) => Request.Profile is Profile.Quick or Profile.Small
        && IsMeasuredIn(new ExperimentRequest { Profile = Profile.Evidence, Claim = claim })
        ? $" ./reproduce.ps1 {Verb} --profile evidence runs them."
        : "";

    /// <summary>Statements that need no run: layer maps, counts.</summary>
    public IReadOnlyList<ExactClaim> Exact { get; init; } = [];

    /// <summary>What is found in a few sentences, before the count of verdicts.</summary>
    public required IReadOnlyList<string> Summary { get; init; }

    /// <summary>In what this profile differs from the paper, a sentence each; null for one that does not apply.</summary>
    public required IReadOnlyList<string?> Deviations { get; init; }

    /// <summary>The figures; null for one whose runs are not finished.</summary>
    public Func<StudyResults, IEnumerable<Figure?>> Figures { get; init; } = _ => [];

    /// <summary>The paper's students that other papers' figures may show, with their geometry from the teacher's.</summary>
    public IReadOnlyList<(Variant Variant, Func<Bert.BertConfig, Bert.BertConfig> Geometry)> Students { get; init; } = [];

    /// <summary>Whether scores are medians over the replicates, and not means.</summary>
    public bool TakesMedians { get; init; }

    /// <summary>The table whose first dev column of a task is the one that it is compared by; null for the task's main metric.</summary>
    public string? MainTable { get; init; }

    /// <summary>
    /// The run that reads the user's text, and the fact of its result that counts the text's tokens: scores that rest on a text far
    /// shorter than the paper's are not held against the paper's. Null where there is no such text.
    /// </summary>
    public (RunSpec Run, string TokensFact)? TextRead { get; init; }

    /// <summary>The column by which a task is compared.</summary>
    public ScoreColumn MainColumn(GlueTask task) => Published.All.Where(cell => cell.Table == MainTable).Select(ScoreColumn.Of)
        .FirstOrDefault(column => column?.Task == task && column.Split == "dev") ?? ScoreColumn.MainOf(task);

    /// <summary>Why scores may not be held against the paper's because of the text; null for no reason.</summary>
    internal string? ShortText(StudyResults results) =>
        TextRead is var (run, fact) ? PapersText.TooShort(results.Find(run), fact) : null;

    /// <summary>
    /// The smallest difference of an order that would matter, in points: half of the published one where teacher and data are the paper's;
    /// else one, since what is printed with one decimal is seldom told apart below that, and the dev sets of 872 to 1,500 rows have a
    /// standard error of about one.
    /// </summary>
    public double SmallestEffectOf(Order order) => IsPapersOwn && order.Published is > 0 and var published ? published / 2 : 1;

    /// <summary>A claim of this paper, with its finding.</summary>
    /// <param name="id">Its id after the paper's prefix.</param>
    /// <param name="table">Where the paper says it.</param>
    /// <param name="kind">What sort of statement it is.</param>
    /// <param name="statement">The statement in one sentence.</param>
    /// <param name="published">The published number; null for none.</param>
    /// <param name="unit">Its unit.</param>
    public Claim Claim(string id, string table, ClaimKind kind, string statement, double? published, string unit) => new()
    {
        Id = $"{Prefix}.{id}", Paper = Paper, Table = table, Kind = kind, Statement = statement, Published = published, Unit = unit,
        Finding = Finding($"{Prefix}.{id}"),
    };

    /// <summary>Why a claim does not hold, where that is known.</summary>
    public string? Finding(string claim) => _paper.Findings.Of(claim, IsPapersOwn);

    /// <summary>Whether teacher and geometry are the paper's.</summary>
    public bool IsPapersOwn => Request.IsPapersOwn;

    /// <summary>The runs of some variants, by task, replicate and variant.</summary>
    /// <param name="variants">The variants.</param>
    /// <param name="tasks">The tasks; null for the study's.</param>
    public IReadOnlyList<StudyRun> RunsOf(IEnumerable<Variant> variants, IEnumerable<GlueTask>? tasks = null)
    {
        var all = variants.ToList();
        return
        [
            .. from task in tasks ?? Tasks
               from replicate in Enumerable.Range(1, Replicates)
               from variant in all
               where replicate <= (variant.Replicates ?? Replicates)
               let spec = variant.Run(task, replicate)
               where spec is not null
               select new StudyRun(variant, task, replicate, spec),
        ];
    }

    /// <summary>
    /// The runs that tables and orders need, by identity; those of no task first, since they are the quickest to show something.
    /// </summary>
    /// <exception cref="ReplicationException">The request names a table or claim that the paper does not have, or that the profile does not
    /// measure.</exception>
    public IReadOnlyList<DeclaredRun> Declared()
    {
        var parts = Chosen(Parts());
        // The teacher first, whose score tells whether a task can be compared on.
        var needed =
            from part in parts
            where part.Variants.Count > 0
            from task in part.Tasks ?? Tasks
            from variant in part.Variants.Prepend(Teacher)
            select (Task: task, Variant: variant);
        var runs = needed.ToLookup(n => n.Task, n => n.Variant)
            .SelectMany(task => RunsOf(task.DistinctBy(variant => variant.Name, StringComparer.Ordinal), [task.Key]));
        return
        [
            .. parts.SelectMany(part => part.Specs).Select(spec => new DeclaredRun(spec.Identity(), spec)),
            // By replicate, so that whatever is finished is whole replicates.
            .. runs.OrderBy(run => run.Replicate)
                .Select(run => new DeclaredRun(new RunIdentity(run.Variant.Name, run.Task.Name, run.Replicate), run.Spec)
            {
                IsOptional = Request is { Table: null, Claim: null } && OptionalTasks.Contains(run.Task),
            }).DistinctBy(run => run.Spec.SpecKey(), StringComparer.Ordinal),
        ];
    }

    // A counted claim needs no run, and is a part so that --claim knows it.
    private IReadOnlyList<StudyPart> Parts() =>
    [
        .. Tables.Select(table => table.Part(this)), .. Orders.Select(order => order.Part(this)),
        .. Exact.Select(claim => new StudyPart("", [$"{Prefix}.{claim.Id}"], [], [])),
    ];

    private IReadOnlyList<StudyPart> Chosen(IReadOnlyList<StudyPart> parts)
    {
        if (Request is { Table: null, Claim: null })
            return parts;
        IReadOnlyList<StudyPart> chosen = [.. parts.Where(IsWanted)];
        if (chosen.Count > 0)
            return chosen.Any(IsMeasured) ? chosen : throw NotMeasured(chosen);
        var claims = parts.SelectMany(part => part.Claims).Distinct(StringComparer.Ordinal);
        var tables = parts.Select(part => part.Table).Where(name => name.StartsWith("Table ", StringComparison.Ordinal))
            .Select(name => name["Table ".Length..]).Distinct(StringComparer.Ordinal);
        throw new ReplicationException(
            Request.Table is null
                ? $"--claim is {Request.Claim}, which {Paper} does not have.{Suggestion.For(Request.Claim!, claims)}"
                : $"--table is {Request.Table}, which {Paper} does not have; "
                    + $"{(tables.Any() ? $"it has {string.Join(", ", tables)}" : "this profile has none")}.",
            ReplicationException.UsageError);
    }

    private bool IsWanted(StudyPart part) => Request.Table is { } table
        ? string.Equals(part.Table, $"Table {table}", StringComparison.OrdinalIgnoreCase)
        : part.Claims.Contains(Request.Claim!);

    // A part without variants needs no training; a table says something with one of its rows, an order with all of its sides.
    private bool IsMeasured(StudyPart part) => part.Variants.Count == 0 || part.Specs.Count > 0
        || (NotRun(part).Count() is var lacking && (part.NeedsAll ? lacking == 0 : lacking < part.Variants.Count));

    private IEnumerable<Variant> NotRun(StudyPart part) =>
        part.Variants.Where(variant => (part.Tasks ?? Tasks).All(task => variant.Run(task, 1) is null));

    private ReplicationException NotMeasured(IReadOnlyList<StudyPart> chosen)
    {
        var lacking = chosen.SelectMany(NotRun).Where(variant => !variant.IsCited).Select(variant => variant.Name)
            .Distinct(StringComparer.Ordinal).ToList();
        string[] others =
        [
            .. new[] { Profile.Quick, Profile.Small, Profile.Paper }
                .Where(other => other != Request.Profile && IsMeasuredIn(Request with { Profile = other }))
                .Select(other => $"--profile {ExperimentRequest.NameOf(other, Fidelity.Default)}"),
        ];
        var (option, value) = Request.Table is { } table ? ("--table", table) : ("--claim", Request.Claim);
        return new ReplicationException(
            $"{option} is {value}, which profile {ExperimentRequest.NameOf(Request.Profile, Fidelity.Default)} does not measure"
            + $"{(lacking.Count > 0 ? $", since it does not run {string.Join(" and ", lacking)}" : "")}; "
            + $"{(others.Length > 0 ? $"{string.Join(" or ", others)} does" : "no profile does")}.", ReplicationException.UsageError);
    }

    private bool IsMeasuredIn(ExperimentRequest request)
    {
        try
        {
            var other = _paper.StudyOf(request);
            return other.Parts().Any(part => other.IsWanted(part) && other.IsMeasured(part));
        }
        catch (ReplicationException)
        {
            // It has not what else was asked for.
            return false;
        }
    }
}

/// <summary>A part of a study that can be run alone.</summary>
/// <param name="Table">The table that it belongs to.</param>
/// <param name="Claims">Ids of its claims.</param>
/// <param name="Variants">The variants that it needs.</param>
/// <param name="Specs">The runs of no task that it needs, such as timings.</param>
public sealed record StudyPart(string Table, IReadOnlyList<string> Claims, IReadOnlyList<Variant> Variants, IReadOnlyList<RunSpec> Specs)
{
    /// <summary>The tasks that they are run on; null for the study's.</summary>
    public IReadOnlyList<GlueTask>? Tasks { get; init; }

    /// <summary>Whether nothing is measured where one of the variants is not run.</summary>
    public bool NeedsAll { get; init; }
}
