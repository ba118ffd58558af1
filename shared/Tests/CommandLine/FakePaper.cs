using System.Text.Json.Serialization;
using Replication.Bert;
using Replication.Claims;
using Replication.Runs;
using Replication.Studies;

namespace Replication.Tests.CommandLine;

/// <summary>A run that takes no time; what happens in it can be watched.</summary>
internal sealed record FakeRun(int Seed, FakeRun? First = null) : RunSpec
{
    [JsonIgnore]
    public Action? Executing { get; init; }

    [JsonIgnore]
    public string Writes { get; init; } = "config.json";

    [JsonIgnore]
    public Func<Workspace, IReadOnlyList<RunInput>> Reads { get; init; } = _ => [];

    public override string Kind => "fake";

    public override RunIdentity Identity() => new($"fake run [{(First is null ? "first" : "second")}]", null, Seed);

    public override IReadOnlyList<RunSpec> Needs() => First is null ? [] : [First];

    public override IReadOnlyList<RunInput> Inputs(Workspace workspace) => Reads(workspace);

    public override RunWork EstimateWork(Workspace workspace) => RunWork.Training(Precision.Fp32, 60e9);

    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        context.Progress.Begin(context.Label, 2, 0, "steps");
        Executing?.Invoke();
        cancellation.ThrowIfCancellationRequested();
        context.Progress.Advance(2, loss: 0.25);
        Directory.CreateDirectory(context.Folder.FilePath("model"));
        File.WriteAllText(context.Folder.FilePath($"model/{Writes}"), "{}");
        context.Progress.End();
        return new RunResult { Facts = new Dictionary<string, double> { ["answer"] = 1234.5 + Seed } };
    }
}

/// <summary>A paper with two fake runs a seed and a claim on their results.</summary>
internal sealed class FakePaper : IPaper
{
    /// <summary>Called in every run.</summary>
    public Action? Executing { get; init; }

    /// <summary>The file in every run's model folder.</summary>
    public string Writes { get; init; } = "config.json";

    /// <summary>What every run reads.</summary>
    public Func<Workspace, IReadOnlyList<RunInput>> Reads { get; init; } = _ => [];

    /// <summary>What the paper calls its second runs; null for the runs' own name.</summary>
    public string? Variant { get; init; }

    /// <summary>How many claims it has.</summary>
    public int Claims { get; init; } = 1;

    public string Name { get; init; } = "fakepaper";

    public string Title => "A Paper of No Importance";

    // Its table and its claim need the first replicate alone.
    public IReadOnlyList<RunSpec> Experiments(ExperimentRequest request) =>
        [.. Enumerable.Range(1, request is { Table: null, Claim: null } ? request.Seeds ?? 1 : 1).Select(Second)];

    public IReadOnlyList<DeclaredRun> Declared(ExperimentRequest request) =>
    [
        .. from spec in Experiments(request)
           let own = spec.Identity()
           select new DeclaredRun(Variant is null ? own : own with { Variant = Variant }, spec),
    ];

    public PaperReport Report(ExperimentRequest request, Func<RunSpec, FinishedRun?> find)
    {
        var claim = new Claim {
            Id = "fake.1", Paper = Name, Table = "Table 1", Kind = ClaimKind.Size, Statement = "The [answer] is 1234.5.",
            Published = 1234.5, Unit = "M" };
        var found = find(Second(1));
        return new PaperReport
        {
            Title = Title,
            Citation = "Nobody, 2026",
            Profile = request.Profile.ToString().ToLowerInvariant(),
            Summary = ["Nothing was learned."],
            Header = [("runs", $"{request.Seeds ?? 1}")],
            Tables = [],
            Figures = [],
            Claims =
            [
                .. Enumerable.Range(1, Claims)
                    .Select(number => claim with { Id = FormattableString.Invariant($"fake.{number}") }).Select(one => found is null
                    ? new ClaimOutcome(one, null, Verdict.NotRun, "The run is missing.")
                    : new ClaimOutcome(
                        one, new Measurement(found.Result.Facts["answer"], null, [1], "fake"), Verdict.Above, "It is larger.")),
            ],
            Deviations = [],
        };
    }

    private FakeRun Second(int seed) => new(seed, new FakeRun(seed) { Executing = Executing, Writes = Writes, Reads = Reads }) {
        Executing = Executing, Writes = Writes, Reads = Reads };
}
