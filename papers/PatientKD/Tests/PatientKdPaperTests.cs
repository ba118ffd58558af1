using Replication.Claims;
using Replication.Measurements;
using Replication.Papers;
using Replication.Reporting;
using Replication.Runs;

namespace Replication.PatientKD.Tests;

/// <summary>The report of made-up runs, and of none.</summary>
public sealed class PatientKdPaperTests
{
    private static PaperReport Report(Profile profile, Func<RunSpec, FinishedRun?>? find = null) =>
        new PatientKdPaper().Report(new ExperimentRequest { Profile = profile }, find ?? new MadeUpRuns().Find);

    private static ClaimOutcome Claim(PaperReport report, string id) => report.Claims.Single(c => c.Claim.Id == id);

    [Test]
    public void Report_EachProfile_HasWholeRowsAndASignatureBesideEachMeasuredCell([Values] Profile profile)
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
            Assert.That(report.Claims.Where(c => c.Measured is not null).Select(c => c.Measured!.Signature), Has.None.Empty);
            Assert.That(report.Claims.Select(c => c.Claim.Id), Is.Unique);
            Assert.That(report.Claims.Select(c => c.Reason), Has.None.Empty);
            Assert.That(report.Deviations, Is.Not.Empty);
        });
    }

    [Test]
    public void Report_WithoutAnyRun_JudgesOnlyWhatNeedsNone([Values] Profile profile)
    {
        var report = Report(profile, _ => null);
        var judged = report.Claims.Where(c => c.Verdict != Verdict.NotRun).ToList();
        Assert.That(judged.Select(c => c.Claim.Kind), Has.All.EqualTo(ClaimKind.Size));
        Assert.That(report.Tables.SelectMany(t => t.Rows).SelectMany(r => r).Any(cell => cell.Kind == CellKind.Missing), Is.True);
    }

    [Test]
    public void Report_SizesAndMaps_AreReproduced()
    {
        var sizes = Report(Profile.Quick, _ => null).Claims.Where(c => c.Claim.Kind == ClaimKind.Size).ToList();
        Assert.That(sizes, Has.Count.EqualTo(12 + 1 + 3));
        Assert.That(sizes.Select(c => $"{c.Claim.Id} {c.Verdict}"), Has.All.EndsWith("Reproduced"));
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
    public void Report_OrdersThatHoldInEveryPair_Agree(string id, double points)
    {
        var outcome = Claim(Report(Profile.Small), id);
        Assert.That(outcome.Measured!.Value, Is.EqualTo(points).Within(1e-9));
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.AgreesAtSmallScale), outcome.Reason);
    }

    [Test]
    public void Report_OneSeedOfOneTask_SettlesNoOrder() =>
        Assert.That(Claim(Report(Profile.Quick), "pkd.order.pkd-kd").Verdict, Is.EqualTo(Verdict.Inconclusive));

    [Test]
    public void Report_PatientKdGoesOnGaining_Agrees()
    {
        var outcome = Claim(Report(Profile.Small), "pkd.order.pkd-goes-on");
        Assert.That(outcome.Measured!.Value, Is.EqualTo(1).Within(1e-6));
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.AgreesAtSmallScale), outcome.Reason);
    }

    [Test]
    public void Report_SmallTeacher_ComparesNoScore() =>
        Assert.That(Report(Profile.Small).Claims.Where(c => c.Claim.Kind == ClaimKind.Score).Select(c => c.Verdict), Has.All.EqualTo(Verdict.NotRun));

    [Test]
    public void Report_PapersTeacher_IsHeldAgainstTheAuthorsDevScores()
    {
        var judged = Report(Profile.Paper).Claims.Where(c => c.Claim.Table == "authors' dev runs").ToList();
        Assert.That(judged, Has.Count.EqualTo(12 * 6));
        Assert.That(judged.Select(c => c.Verdict), Has.None.EqualTo(Verdict.NotRun));
    }

    [Test]
    public void Report_Race_IsDeclaredWithWhatItNeeds() =>
        Assert.That(Report(Profile.Quick).Claims.Single(c => c.Claim.Table == "Table 3").Reason, Does.Contain("RACE"));

    [Test]
    public void Report_Figures_ShowTheMeasuredAndThePublishedCurves()
    {
        var figures = Report(Profile.Small).Figures.Cast<LineFigure>().ToList();
        Assert.That(figures.Select(f => f.Id), Is.EqualTo(new[] { "figure-2-sst-2", "figure-2-mrpc", "figure-2-published-qnli", "figure-2-published-mnli" }));
        Assert.That(figures[0].Series, Has.Count.EqualTo(10), "teacher and four students, on dev and train");
        Assert.That(figures[2].Series, Has.Count.EqualTo(6).And.All.Matches<LineSeries>(s => s.Dashed == s.Name.EndsWith("train", StringComparison.Ordinal) && s.X.Count == 7));
    }

    [Test]
    public void Report_MadeTwice_IsTheSame() =>
        Assert.That(Json.Text(Report(Profile.Small).Tables), Is.EqualTo(Json.Text(Report(Profile.Small).Tables)));

    [Test]
    public void Students_FinishedRuns_AreThoseThatOtherPapersMayShow()
    {
        var request = new ExperimentRequest { Profile = Profile.Small };
        var students = new PatientKdPaper().Students(request, new MadeUpRuns().Find).Where(s => s.Task == "SST-2").ToList();
        Assert.That(students.Select(s => s.Method), Is.EquivalentTo(new[] { "labels only, 3 layers", "PKD-Skip, 3 layers" }));
        Assert.That(students.Select(s => s.Runs.Count), Has.All.EqualTo(3));
        Assert.That(students.Select(s => s.Geometry(CalibrationMeasurement.Geometry).NumHiddenLayers), Has.All.EqualTo(3));
        Assert.That(new PatientKdPaper().Students(request, _ => null), Is.Empty);
    }
}
