using Replication.Bert;
using Replication.Claims;
using Replication.Measurements;
using Replication.Runs;

namespace Replication.Studies;

/// <summary>A table of geometries: what is counted from them, and how fast they are. Each published number beside it is a claim.</summary>
/// <param name="Table">As published.csv names it.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Models">The geometries, the one that counts as 1 first.</param>
public sealed record SizeTable(string Table, string Title, params IReadOnlyList<SizedModel> Models) : StudyTable(Table, Title)
{
    /// <summary>What is counted.</summary>
    public IReadOnlyList<Counted> Counts { get; init; } = [];

    /// <summary>What is timed.</summary>
    public IReadOnlyList<Timed> Times { get; init; } = [];

    /// <summary>The timing that its claims are about; null for none in this profile.</summary>
    public ForwardSpeedSpec? Speed { get; init; }

    /// <summary>The same in bfloat16, shown beside it and never judged; null for none.</summary>
    public ForwardSpeedSpec? SpeedInBf16 { get; init; }

    /// <summary>The task that published.csv names for these numbers.</summary>
    public string Task { get; init; } = "-";

    /// <summary>First part of its claims' ids, after the paper's; null for the table's name without space.</summary>
    public string? ClaimRoot { get; init; }

    /// <summary>Whether its claims' ids name what is counted or timed and then the model, without the table.</summary>
    public bool IdsBeginWithMetric { get; init; }

    /// <inheritdoc/>
    public override StudyPart Part(Study study) => new(
        Table, [.. Judge(new StudyResults(study, _ => null)).Select(outcome => outcome.Claim.Id)], [],
        [.. new[] { Speed, SpeedInBf16 }.OfType<RunSpec>()]);

    /// <inheritdoc/>
    public override ReportTable Make(StudyResults results)
    {
        var (timing, inBf16) = (Speed?.Of(results), SpeedInBf16?.Of(results));
        return new ReportTable(
            FileName,
            Heading,
            Caption,
            ["Model", .. Counts.SelectMany(CountHeadings), .. Times.SelectMany(TimeHeadings)],
            [.. Models.Select(model => (IReadOnlyList<Cell>)
            [
                new Cell(model.Published),
                .. Counts.SelectMany(count => (Cell[])
                [
                    Cited(Find(results.Study, model, count.Metric)), Here(model, count, count.Count),
                    .. count.Others.Select(rule => Here(model, count, rule.Count)),
                ]),
                .. Times.SelectMany(
                    time => (Cell[])[
                        Cited(Find(results.Study, model, time.Metric)), Here(model, time, timing), .. Bf16Of(Here(model, time, inBf16))]),
            ])]);

        IEnumerable<string> TimeHeadings(Timed time) => [.. Headings(time.Heading), .. Bf16Of($"{time.Heading} here, bf16")];

        static IEnumerable<string> CountHeadings(Counted count) =>
            [.. Headings(count.Heading), .. count.Others.Select(rule => $"{count.Heading} here, {rule.Name}")];

        static string[] Headings(string heading) => [$"{heading} published", $"{heading} here"];

        IEnumerable<T> Bf16Of<T>(T column) => SpeedInBf16 is null ? [] : [column];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ClaimOutcome> Judge(StudyResults results) =>
    [
        .. from model in Models
           from count in Counts
           where (model != Models[0] || !count.IsRatio) && model.Config is not null && Find(results.Study, model, count.Metric) is not null
           select Judge(results.Study, model, count),
        .. from model in Models.Skip(1)
           from time in Times
           where time.IsClaim && model.Config is not null && Find(results.Study, model, time.Metric) is not null
           select Judge(results, model, time),
    ];

    private ClaimOutcome Judge(Study study, SizedModel model, Counted count)
    {
        var cell = Find(study, model, count.Metric)!;
        var claim = Claim(study, model, count.IdWord, cell) with
        {
            Kind = ClaimKind.Size, Statement = count.Statement(model.Published, cell.Text), Unit = cell.Unit,
            Tolerance = count.Tolerance(cell.Text),
        };
        var rule = count.Others.Prepend(new CountingRule("", count.Count)).FirstOrDefault(each => FitsColumn(study, count, each))
            ?? new CountingRule("", count.Count);
        return VerdictRule.Against(
            claim, new Measurement(rule.Count(model.Config!), null, [], SignatureParts.Join("paper's geometry", "counted", rule.Name)));
    }

    // A way of counting that gives some of the printed numbers and not the others is not the paper's.
    private bool FitsColumn(Study study, Counted count, CountingRule rule) => Models.All(model =>
        model.Config is null || Find(study, model, count.Metric) is not { Number: { } number } cell
            || Math.Abs(rule.Count(model.Config) - number) <= count.Tolerance(cell.Text).Value);

    private ClaimOutcome Judge(StudyResults results, SizedModel model, Timed time)
    {
        var cell = Find(results.Study, model, time.Metric)!;
        var claim = Claim(results.Study, model, time.IdWord, cell) with
        {
            Kind = ClaimKind.Speed, Statement = time.Statement(model.Published, cell.Text), Unit = "x", Tolerance = time.Tolerance,
        };
        if (Speed?.Of(results) is not { } timing)
            return VerdictRule.NotRun(claim, Speed is null
                ? "This profile times nothing; quick, small and paper do."
                : "Needs the timing, a few minutes, which every profile but the reference one has.");
        var measured = time.Of(timing.Report, Models[0].Sample, model.Sample);
        return VerdictRule.Against(claim, new Measurement(measured.Median, measured.Mad, [], timing.Signature));
    }

    private Claim Claim(Study study, SizedModel model, string metric, PublishedCell cell)
    {
        var (root, word) = (ClaimRoot ?? ClaimId.Of(Table.Replace(" ", "", StringComparison.Ordinal)), ClaimId.Of(metric));
        var id = $"{study.Prefix}.{(IdsBeginWithMetric ? $"{word}.{model.IdWord}" : $"{root}.{model.IdWord}.{word}")}";
        return new Claim
        {
            Id = id, Paper = study.Paper, Table = Table, Kind = ClaimKind.Size, Statement = "", Published = cell.Number,
            Confidence = cell.Confidence, Unit = cell.Unit, Finding = study.Finding(id),
        };
    }

    private PublishedCell? Find(Study study, SizedModel model, string metric) =>
        study.Published.All.FirstOrDefault(
            cell => cell.Table == Table && cell.Model == model.Published && cell.Task == Task && cell.Metric == metric);

    private static Cell Here(SizedModel model, Counted count, Func<BertConfig, double> rule) => model.Config is null
        ? new Cell("")
        : new Cell(NumberText.Of(Math.Round(rule(model.Config), count.Decimals)), "counted from the geometry", CellKind.Measured);

    private Cell Here(SizedModel model, Timed time, Timing? timing)
    {
        if (model.Config is null)
            return new Cell("");
        if (timing is null)
            return new Cell("not run", Speed is null ? "This profile times nothing." : "The timing is not finished.", CellKind.Missing);
        var measured = time.Of(timing.Report, Models[0].Sample, model.Sample);
        return new Cell(NumberText.Of(measured.Median, measured.Count > 1 ? measured.Mad : null), timing.Signature, CellKind.Measured);
    }
}

/// <summary>A geometry of a size table.</summary>
/// <param name="Published">The row of published.csv.</param>
/// <param name="Config">The geometry; null for a model that is published alone.</param>
public sealed record SizedModel(string Published, BertConfig? Config)
{
    /// <summary>Its name among the samples of the timing; null for the row's.</summary>
    public string Sample { get; init; } = Published;

    /// <summary>Its part of a claim's id.</summary>
    public string IdWord { get; init; } = ClaimId.Of(Published);
}

/// <summary>A number that is counted from a geometry.</summary>
/// <param name="Heading">Of its two columns.</param>
/// <param name="Metric">As published.csv names it.</param>
/// <param name="Count">Counts it, in the published unit.</param>
/// <param name="Statement">The claim, of the model and the printed number.</param>
/// <param name="Tolerance">How far it may be off, of the printed number.</param>
public sealed record Counted(
    string Heading, string Metric, Func<BertConfig, double> Count, Func<string, string, string> Statement,
    Func<string, Tolerance> Tolerance)
{
    /// <summary>
    /// Other ways to count it, shown beside the first. A claim is judged by the first way that gives the whole printed column, and where
    /// none does by the first.
    /// </summary>
    public IReadOnlyList<CountingRule> Others { get; init; } = [];

    /// <summary>Its part of a claim's id.</summary>
    public string IdWord { get; init; } = Metric;

    /// <summary>Whether it is a ratio to the first model, which of that model itself is no claim.</summary>
    public bool IsRatio { get; init; }

    /// <summary>Decimals that the table shows.</summary>
    public int Decimals { get; init; } = 2;
}

/// <summary>A way to count.</summary>
/// <param name="Name">Its name in headings and signatures; empty for the first way of a column.</param>
/// <param name="Count">Counts, in the published unit.</param>
public sealed record CountingRule(string Name, Func<BertConfig, double> Count)
{
    /// <summary>Billions of operations for 128 tokens by ELECTRA's script.</summary>
    public static CountingRule Electra { get; } =
        new("by ELECTRA's count", geometry => ModelSize.ElectraFlops(geometry, TradeOffs.Length) / 1e9);

    /// <summary>Millions of parameters with BERT's pre-training heads.</summary>
    public static CountingRule WithHeads { get; } =
        new("with pre-training heads", geometry => ModelSize.PretrainingParameters(geometry) / 1e6);
}

/// <summary>A number that is timed.</summary>
/// <param name="Heading">Of its two columns.</param>
/// <param name="Metric">As published.csv names it.</param>
/// <param name="Of">The number, of the timing, the model that counts as 1, and the model.</param>
public sealed record Timed(string Heading, string Metric, Func<SpeedReport, string, string, Spread> Of)
{
    /// <summary>Its part of a claim's id.</summary>
    public string IdWord { get; init; } = Metric;

    /// <summary>The claim, of the model and the printed number.</summary>
    public Func<string, string, string> Statement { get; init; } = (_, _) => "";

    /// <summary>How far it may be off; none where it is no claim, as seconds on other hardware are none.</summary>
    public Tolerance? Tolerance { get; init; }

    /// <summary>Whether it is a claim.</summary>
    public bool IsClaim => Tolerance is not null;

    /// <summary>How many times as fast as the first model.</summary>
    public static Timed Speedup(string metric, Tolerance tolerance, Func<string, string, string> statement) =>
        new("Speed-up", metric, (report, whole, model) => report.Speedup(whole, model))
        {
            IdWord = "speedup", Tolerance = tolerance, Statement = statement,
        };

    /// <summary>Seconds a pass.</summary>
    public static Timed Seconds(string heading, string metric) => new(heading, metric, (report, _, model) => report.PassSeconds(model));
}
