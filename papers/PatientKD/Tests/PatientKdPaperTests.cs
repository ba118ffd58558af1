using Replication.Claims;
using Replication.Runs;
using Replication.Studies;
using Replication.Tests.Studies;
using Replication.Training;

namespace Replication.PatientKD.Tests;

/// <summary>The report of made-up runs, and of none.</summary>
[Category("Slow")]
public sealed class PatientKdPaperTests()
    : ReportChecks<PatientKdPaper>(new MadeUpRuns().Find, "labels only, 3 layers", "PKD-Skip, 3 layers")
{
    [Test]
    public void Report_SizesAndMaps_AreReproduced()
    {
        var sizes = Report(Profile.Quick, _ => null).Claims.Where(c => c.Claim.Kind == ClaimKind.Size).ToList();
        Assert.That(sizes, Has.Count.EqualTo(11 + 1 + 3));
        Assert.That(sizes.Select(c => $"{c.Claim.Id} {c.Verdict}"), Has.All.EndsWith("Reproduced"));
    }

    [TestCase("pkd.table4.softmax-layer-all-sizes.params", "Table 4", "pooler")]
    [TestCase("pkd.map.skip24", "not in the paper (authors' code)", "4, 8, 12, 16, 20")]
    public void Report_PoolerAndMapOfTheCode_SayWhatTheyAre(string id, string table, string words)
    {
        var claim = Claim(Report(Profile.Quick, _ => null), id).Claim;
        Assert.That((claim.Table, claim.Confidence), Is.EqualTo((table, Confidence.Sourced1)));
        Assert.That(claim.Statement, Does.Contain(words));
    }

    [Test]
    public void Report_SpeedUps_AreTheMedianRatios()
    {
        var report = Report(Profile.Quick);
        Assert.That(Claim(report, "pkd.table4.bert6.speedup").Measured!.Value, Is.EqualTo(2).Within(1e-9));
        Assert.That(Claim(report, "pkd.table4.bert6.speedup").Verdict, Is.EqualTo(Verdict.Reproduced));
        Assert.That(Claim(report, "pkd.table4.bert3.speedup").Measured!.Value, Is.EqualTo(4).Within(1e-9));
    }

    [TestCase("pkd.order.kd-ft", 1)]
    [TestCase("pkd.order.pkd-kd", 2)]
    [TestCase("pkd.order.pkd-ft", 3)]
    [TestCase("pkd.order.skip-last", 1)]
    public void Report_OrdersThatHoldInEverySeed_AreNotSettledFromOneTeacher(string id, double points)
    {
        var outcome = Claim(Report(Profile.Small), id);
        Assert.That(outcome.Measured!.Value, Is.EqualTo(points).Within(1e-9));
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.Inconclusive), outcome.Reason);
        Assert.That(outcome.Reason, Does.StartWith("0 of 8 planned replicates, since the 3 seeds here share random draws ("));
    }

    [Test]
    public void Report_OneSeedOfOneTask_SettlesNoOrder() =>
        Assert.That(Claim(Report(Profile.Quick), "pkd.order.pkd-kd").Verdict, Is.EqualTo(Verdict.Inconclusive));

    [Test]
    public void Report_PatientKdGoesOnGaining_IsMeasured()
    {
        var outcome = Claim(Report(Profile.Small), "pkd.order.pkd-goes-on");
        Assert.That(outcome.Measured!.Value, Is.EqualTo(1).Within(1e-6));
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.Inconclusive), outcome.Reason);
        Assert.That(outcome.Reason, Does.StartWith("0 of 8 planned replicates, since the 3 seeds here share random draws ("));
    }

    [Test]
    public void Report_PapersTeacher_IsHeldAgainstTheAuthorsDevScores()
    {
        var judged = Report(Profile.Paper).Claims.Where(c => c.Claim.Table == Extras.DevRuns).ToList();
        Assert.That(judged, Has.Count.EqualTo(12 * 6));
        Assert.That(judged.Select(c => c.Verdict), Has.None.EqualTo(Verdict.NotRun));
    }

    [TestCase(Profile.Paper, "BERT12 (Teacher)", "rate 1E-05 (chosen on a held-out tenth of train)")]
    [TestCase(Profile.Paper, "BERT6-FT", "rate 1E-05 (chosen on a held-out tenth of train)")]
    [TestCase(Profile.Paper, "BERT6-KD", "alpha 0.5 T 10 rate 5E-05 (chosen on a held-out tenth of train)")]
    [TestCase(Profile.Paper, "BERT6-PKD", "alpha 0.5 T 10 beta 10 rate 5E-05 (chosen on a held-out tenth of train)")]
    [TestCase(Profile.Small, "BERT6-KD", "alpha 0.5 T 10 (chosen on a held-out tenth of train)")]
    [TestCase(Profile.Small, "BERT6-PKD", "alpha 0.5 T 10 beta 100 (chosen on a held-out tenth of train)")]
    [TestCase(Profile.Quick, "BERT6-PKD", "alpha 0.5 T 10 beta 100 (fixed)")]
    public void Report_Signatures_SayWhichHyperParametersAndWhatDecidedThem(Profile profile, string model, string expected) =>
        Assert.That(Signature(OfSst2(profile, new MadeUpRuns().Find), model).Split(" | "), Has.One.EqualTo(expected));

    [TestCase("BERT12 (Teacher)", "rate 5E-05 (chosen on dev)")]
    [TestCase("BERT6-FT", "rate 5E-05 (chosen on dev)")]
    [TestCase("BERT6-KD", "alpha 0.2 T 5 rate 5E-05 (chosen on dev)")]
    [TestCase("BERT6-PKD", "alpha 0.2 T 5 beta 10 rate 5E-05 (chosen on dev)")]
    public void Report_SignaturesOfThePapersForm_SayThatDevDecided(string model, string expected) =>
        Assert.That(Signature(OfSst2(Profile.Paper, new MadeUpRuns().Find, fidelity: Fidelity.Paper), model).Split(" | "),
            Has.One.EqualTo(expected));

    [Test]
    public void Report_TeacherOfTheSmallProfile_HasNoHyperParameters() =>
        Assert.That(Signature(Report(Profile.Small), "BERT12 (Teacher)"), Does.Not.Contain("chosen").And.Not.Contain("fixed"));

    [TestCase("#1 BERT12->BERT6[Base]-KD", "teacher bert-base-uncased of the same seed")]
    [TestCase("#2 BERT24->BERT6[Base]-KD", "teacher bert-large-uncased of the same seed")]
    public void Report_StudentsOfTwoTeachers_NameTheirOwn(string row, string teacher)
    {
        var rows = OfSst2(Profile.Paper, new MadeUpRuns().Find).Tables.Single(t => t.Id == "table-5").Rows;
        Assert.That(
            rows.Single(r => r[0].Text == row).First(cell => cell.Kind == CellKind.Measured).Note!.Split(" | "), Has.One.EqualTo(teacher));
    }

    [Test]
    public void Report_SmallProfile_DoesNotRunRowsOfOtherDepths()
    {
        var rows = Report(Profile.Small).Tables.Single(t => t.Id == "table-1").Rows.Where(
            row => row[0].Text.StartsWith("BERT3", StringComparison.Ordinal));
        Assert.That(rows.Select(row => (row[1].Text, row[3].Text)), Is.EqualTo(Enumerable.Repeat(("", "not run"), 3)));
    }

    [Test]
    public void Report_SeedsThatChooseOtherValues_AreNamedSeedBySeed()
    {
        var runs = new MadeUpRuns();
        FinishedRun? Find(RunSpec spec) => spec is SelectionSpec { Candidates: [FineTuneSpec { Seed: 2 }, ..] } search
            ? runs.Find(search)! with { Result = runs.Find(search)!.Result with { Chosen = search.Candidates[2].SpecKey() } }
            : runs.Find(spec);
        Assert.That(
            Signature(OfSst2(Profile.Paper, Find, seeds: 2, Fidelity.Paper), "BERT6-FT").Split(" | "),
            Has.One.EqualTo("rate 5E-05 / rate 1E-05 (chosen on dev)"));
    }

    [Test]
    public void Report_OrdersOfThePapersForm_SayThatDevChose()
    {
        Assert.That(
            Claim(OfSst2(Profile.Paper, new MadeUpRuns().Find, fidelity: Fidelity.Paper), "pkd.order.pkd-kd").Measured!.Signature,
            Does.Contain("hyper-parameters chosen on dev"));
        Assert.That(Claim(Report(Profile.Small), "pkd.order.pkd-kd").Measured!.Signature, Does.Not.Contain("chosen on dev"));
    }

    [TestCase("pkd.order.larger-teacher", null, 1, "KD, 6 layers minus KD, 6 layers of bert-base-uncased from bert-large-uncased")]
    [TestCase(
        "pkd.order.first-layers", 5.87, 3,
        "KD, 6 layers of bert-base-uncased from bert-large-uncased minus KD, 6 layers of bert-large-uncased")]
    [TestCase("pkd.order.pkd-kd-24", 0.25, 2, "PKD-Skip, 6 layers of bert-large-uncased minus KD, 6 layers of bert-large-uncased")]
    public void Report_OrdersOfTable5_AreJudgedWhereItsStudentsAreFinished(string id, double? published, double points, string rows)
    {
        var outcome = Claim(_ofBert24 ??= Report(Profile.Paper, OfBert24), id);
        Assert.That((outcome.Claim.Published, outcome.Verdict), Is.EqualTo((published, Verdict.Inconclusive)), outcome.Reason);
        Assert.That(outcome.Reason, Does.StartWith("1 of 8 planned replicates: 1 replicate, mean difference "));
        Assert.That(outcome.Measured!.Value, Is.EqualTo(points).Within(1e-9));
        Assert.That(outcome.Measured.Signature.Split(" | "), Has.One.EqualTo(rows));
        Assert.That(Claim(Report(Profile.Small), id).Verdict, Is.EqualTo(Verdict.NotRun));
    }

    [Test]
    public void Report_OrdersOfTable5_LeaveOutATaskOnWhichBert24LearntNothing()
    {
        FinishedRun? Find(RunSpec spec) =>
            spec is FineTuneSpec { BaseModel: Deep, Selection.Task: "RTE" } ? Worse(OfBert24(spec)!, 0.4) : OfBert24(spec);
        var report = Report(Profile.Paper, Find);
        Assert.That(Claim(report, "pkd.order.pkd-kd-24").Reason, Does.Contain("on RTE"));
        Assert.That(Claim(report, "pkd.order.pkd-kd").Reason, Does.Not.Contain("Left out"), "BERT12 taught it");
    }

    private const string Deep = "bert-large-uncased";

    private PaperReport? _ofBert24;

    // BERT24 teaches a point worse, and BERT-large's first layers are three points worse as a start.
    private static FinishedRun? OfBert24(RunSpec spec) => spec switch
    {
        PatientKdSpec { BaseModel: Deep } => Worse(new MadeUpRuns().Find(spec)!, 0.04),
        PatientKdSpec { Teacher: FineTuneSpec { BaseModel: Deep } } =>
            Worse(new MadeUpRuns().Find(spec)!, 0.01),
        _ => new MadeUpRuns().Find(spec),
    };

    private static FinishedRun Worse(FinishedRun run, double by) => run with
    {
        Result = run.Result with
        {
            Scores = run.Result.Scores.ToDictionary(
                split => split.Key, split =>
                    (IReadOnlyDictionary<string, double?>)split.Value.ToDictionary(metric => metric.Key, metric => metric.Value - by)),
        },
    };

    [Test]
    public void Report_ReferenceProfile_JudgesEveryMeanOfThePyTorchRun()
    {
        var claims = Report(Profile.Reference).Claims;
        string[] students = ["teacher", "ft", "kd", "skip", "last"];
        Assert.That(
            claims.Select(c => c.Claim.Id),
            Is.EquivalentTo(students.SelectMany(s => new[] { $"pkd.reference.sst-2.{s}", $"pkd.reference.sts-b.{s}.spearman" })));
        Assert.That(claims.Select(c => c.Claim.Kind), Has.All.EqualTo(ClaimKind.Agreement));
    }

    [Test]
    public void Report_ReferenceProfile_TooHighIsADisagreement()
    {
        // The made-up students have 80 and more, PyTorch's on STS-B about 35.
        var claims = Report(Profile.Reference).Claims.ToDictionary(c => c.Claim.Id);
        var high = claims["pkd.reference.sts-b.ft.spearman"];
        Assert.That(high.Verdict, Is.EqualTo(Verdict.Above));
        Assert.That(high.Reason, Does.Contain("agree either way"));
        Assert.That(Standings.Of(high), Is.EqualTo(Standing.Fails));
        Assert.That(claims["pkd.reference.sst-2.ft"].Reason, Does.Contain("by Holm over 10 cells"));
    }

    [TestCase("FusedAdam")]
    [TestCase("The last epoch counts")]
    [TestCase("RTE, MNLI, QNLI and QQP with BERT3")]
    [TestCase("9 points for each way")]
    public void Report_PaperProfile_SaysWhereItsTrainingIsNotTheAuthors(string words) =>
        Assert.That(OfSst2(Profile.Paper, _ => null).Deviations, Has.One.Contains(words));

    [Test]
    public void Report_Race_JudgesTheCellWhoseSourceIsKnownAndShowsTheOthers()
    {
        var claims = Report(Profile.Small).Claims.Where(c => c.Claim.Table == "Table 3").ToList();
        Assert.That(claims.Select(c => c.Claim.Id.Split('.')[3]), Is.EqualTo((string[])["race", "race-m", "race-h"]));
        Assert.That(claims.Select(c => c.Verdict), Has.All.EqualTo(Verdict.NotRun));
    }

    // One task is enough, and the paper profile's grid is long.
    private static PaperReport OfSst2(
        Profile profile, Func<RunSpec, FinishedRun?> find, int? seeds = null, Fidelity fidelity = Fidelity.Default) =>
        new PatientKdPaper().Report(
            new ExperimentRequest { Profile = profile, Seeds = seeds, Tasks = ["SST-2"], Fidelity = fidelity }, find);

    private static string Signature(PaperReport report, string model) => report.Tables.Single(t => t.Id == "table-1").Rows
        .Single(row => row[0].Text == model).First(cell => cell.Kind == CellKind.Measured).Note!;

    [Test]
    public void Report_Figures_ShowTheMeasuredAndThePublishedCurves()
    {
        var figures = Report(Profile.Small).Figures.Cast<LineFigure>().ToList();
        Assert.That(
            figures.Select(f => f.Id),
            Is.EqualTo(new[] { "figure-2-sst-2", "figure-2-mrpc", "figure-2-published-qnli", "figure-2-published-mnli" }));
        Assert.That(figures[0].Series, Has.Count.EqualTo(10), "teacher and four students, on dev and train");
        Assert.That(
            figures[2].Series,
            Has.Count.EqualTo(6).And.All.Matches<LineSeries>(
                s => s.Dashed == s.Name.EndsWith("train", StringComparison.Ordinal) && s.X.Count == 7));
    }
}
