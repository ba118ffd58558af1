using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Claims;
using Replication.Measurements;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.Tests.Studies;

/// <summary>What every paper's report keeps to, shown on made-up runs and on none. Compiled into each paper's tests.</summary>
/// <typeparam name="TPaper">The paper.</typeparam>
/// <param name="find">Made-up runs of whatever its profiles declare.</param>
/// <param name="students">The methods of its students that other papers' figures may show.</param>
public abstract class ReportChecks<TPaper>(Func<RunSpec, FinishedRun?> find, params string[] students)
    where TPaper : IPaper, new()
{
    private static readonly TPaper Paper = new();

    private static readonly Profile[] Profiles = [.. Enum.GetValues<Profile>().Where(IsOffered)];

    private readonly Dictionary<Profile, PaperReport> _reports = [];

    /// <summary>The report of a profile, of made-up runs where none are given; that one is made once for all tests.</summary>
    protected PaperReport Report(Profile profile, Func<RunSpec, FinishedRun?>? runs = null)
    {
        if (runs is not null)
            return Paper.Report(new ExperimentRequest { Profile = profile }, runs);
        if (!_reports.TryGetValue(profile, out var report))
            _reports.Add(profile, report = Report(profile, profile == Profile.Released ? Measured : find));
        return report;
    }

    /// <summary>A claim by its id, with or without the paper's own beginning.</summary>
    protected static ClaimOutcome Claim(PaperReport report, string id) =>
        report.Claims.Single(c => c.Claim.Id == id || c.Claim.Id == $"{Paper.Name}.{id}");

    [TestCaseSource(nameof(Profiles))]
    public void Report_EachProfile_HasWholeRowsAndASignatureBesideEachMeasuredCell(Profile profile)
    {
        var report = Report(profile);
        Assert.Multiple(() =>
        {
            foreach (var table in report.Tables)
            {
                Assert.That(table.Rows.Select(row => row.Count), Has.All.EqualTo(table.Columns.Count), table.Title);
                var measured = table.Rows.SelectMany(row => row).Where(cell => cell.Kind is CellKind.Measured or CellKind.Missing).ToList();
                Assert.That(measured.Select(cell => cell.Note), Has.None.Null.And.None.Empty, table.Title);
            }
            Assert.That(report.Tables.Select(t => t.Id), Is.Unique);
            Assert.That(report.Claims.Where(c => c.Measured is not null).Select(c => c.Measured!.Signature), Has.None.Empty);
            Assert.That(report.Claims.Select(c => c.Claim.Id), Is.Unique);
            Assert.That(report.Claims.Select(c => c.Reason), Has.None.Empty);
            Assert.That(report.Deviations, Is.Not.Empty);
        });
    }

    // A model that authors published answers four rows in five.
    private static FinishedRun? Measured(RunSpec spec)
    {
        var splits = spec is ReleasedSpec { Checkpoint.Paper: "DynaBERT" } released
            ? released.Checkpoint.Parts(BertConfig.Base).SelectMany(
                part => new[] { "dev", "dev-mm" }.Select(split => SubNetwork.ScoreName(split, part.Width, part.Depth)))
            : ["dev", "dev-mm"];
        return new FinishedRun(
            "", MadeUp.Manifest(spec), new RunResult { Scores = splits.ToDictionary(split => split, _ => MadeUp.Metrics(0.8)) });
    }

    [Test]
    public void Released_EveryModel_GivesAPublishedDevScoreAndNothingIsTrained()
    {
        if (!IsOffered(Profile.Released))
        {
            Assert.That(() => Paper.Experiments(new ExperimentRequest { Profile = Profile.Released }),
                Throws.TypeOf<ReplicationException>().With.Message.Contains("published no trained model"));
            return;
        }
        var declared = Paper.Declared(new ExperimentRequest { Profile = Profile.Released });
        Assert.That(declared.Select(run => run.Spec), Has.All.InstanceOf<ReleasedSpec>());
        Assert.That(declared.Select(run => run.IsOptional), Has.All.True, "what is not here is left out");
        foreach (var model in declared.Select(run => (ReleasedSpec)run.Spec))
        {
            var judged = Report(Profile.Released, spec => spec.SpecKey() == model.SpecKey() ? Measured(spec) : null).Claims
                .Where(c => c.Verdict != Verdict.NotRun).ToList();
            Assert.That(judged, Is.Not.Empty, model.Name);
            Assert.That(judged.Select(c => c.Claim.Kind), Has.All.EqualTo(ClaimKind.Score), model.Name);
        }
    }

    private static IEnumerable<Profile> Trained => Profiles.Where(profile => profile != Profile.Released);

    [TestCaseSource(nameof(Trained))]
    public void Experiments_NumberFormatOfTheRequest_IsThatOfEveryTrainingAndAugmentation(Profile profile)
    {
        // A timing has a format of its own, which its table shows.
        static bool IsTimed(RunSpec spec) =>
            spec.Kind.EndsWith("speed", StringComparison.Ordinal) || spec.ToElement().TryGetProperty("protocol", out _);
        string Specs(Precision precision) => string.Concat(
            Plan.Build(
                Paper.Experiments(new ExperimentRequest { Profile = profile, Precision = precision })).Runs.Where(run => !IsTimed(run.Spec))
                    .Select(run => run.Spec.ToElement().GetRawText()));

        Assert.That(Specs(Precision.Fp32), Does.Contain("\"Fp32\"").And.Not.Contains("\"Bf16\""));
        Assert.That(Specs(Precision.Bf16), Does.Contain("\"Bf16\"").And.Not.Contains("\"Fp32\""));
    }

    [TestCaseSource(nameof(Profiles))]
    public void Report_WithoutAnyRun_JudgesOnlyWhatNeedsNone(Profile profile)
    {
        var report = Report(profile, _ => null);
        Assert.That(report.Claims.Where(c => c.Verdict != Verdict.NotRun).Select(c => c.Claim.Kind), Has.All.EqualTo(ClaimKind.Size));
        Assert.That(report.Tables.SelectMany(t => t.Rows).SelectMany(r => r).Any(cell => cell.Kind == CellKind.Missing), Is.True);
    }

    [Test]
    public void Report_SmallTeacher_ComparesNoScore() =>
        Assert.That(
            Report(Profile.Small).Claims.Where(c => c.Claim.Kind == ClaimKind.Score).Select(c => c.Verdict),
            Is.Not.Empty.And.All.EqualTo(Verdict.NotRun));

    [Test]
    public void Evidence_PlannedReplicates_ShareNoDrawSoThatVerdictsAreTaken()
    {
        var orders = Report(Profile.Evidence).Claims.Where(c => c.Claim.Kind == ClaimKind.Order && c.Verdict != Verdict.NotRun).ToList();
        Assert.That(orders, Has.Count.GreaterThanOrEqualTo(3));
        var planned = Evidence.Max(run => run.Identity.Replicate)!.Value;
        Assert.That(orders.Select(c => c.Measured!.Replicates.Count), Has.All.AnyOf(planned / 2, planned));
        Assert.That(orders.Select(c => c.Measured!.Replicates), Has.All.Matches<IReadOnlyList<int>>(
            replicates => replicates.SequenceEqual(Enumerable.Range(1, replicates.Count))));
        Assert.That(orders.Select(c => c.Reason), Has.None.Contains("planned replicates"));
    }

    [Test]
    public void Evidence_Plan_GoesByReplicateAndItsTeachersAreThoseOfAllPapers()
    {
        var replicates = Evidence.Select(run => run.Identity.Replicate).OfType<int>().ToList();
        Assert.That(replicates, Is.Ordered.And.Member(8));
        var teachers = replicates.Distinct().Select(replicate => new FineTuneSpec
        {
            Selection = new TaskSelection { Task = "SST-2", Rows = 8000 }, BaseModel = "minilm-l6",
            Recipe = StandardRecipes.SmallTeacher with { Precision = Precision.Fp32 }, Seed = replicate,
        });
        Assert.That(Evidence.Select(run => run.Spec.SpecKey()), Is.SupersetOf(teachers.Select(teacher => teacher.SpecKey())));
    }

    [Test]
    public void Report_MadeTwice_IsTheSame() =>
        Assert.That(Json.Text(Report(Profile.Small, find).Tables), Is.EqualTo(Json.Text(Report(Profile.Small).Tables)));

    [Test]
    public void Students_FinishedRuns_AreThoseThatOtherPapersMayShow()
    {
        var request = new ExperimentRequest { Profile = Profile.Small };
        var shown = Paper.Students(request, find).Where(s => s.Task == "SST-2").ToList();
        Assert.That(shown.Select(s => s.Method), Is.EquivalentTo(students));
        Assert.That(shown.Select(s => s.Runs.Count), Has.All.EqualTo(3));
        Assert.That(shown.Select(s => s.Geometry(CalibrationMeasurement.Geometry).NumHiddenLayers), Has.All.EqualTo(3));
        Assert.That(Paper.Students(request, _ => null), Is.Empty);
    }

    private static IReadOnlyList<DeclaredRun> Evidence =>
        Paper.Declared(new ExperimentRequest { Profile = Profile.Evidence, Precision = Precision.Fp32 });

    private static bool IsOffered(Profile profile)
    {
        try
        {
            return Paper.Experiments(new ExperimentRequest { Profile = profile }).Count > 0;
        }
        catch (ReplicationException)
        {
            return false;
        }
    }
}
