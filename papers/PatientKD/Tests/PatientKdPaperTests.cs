using Replication.Claims;
using Replication.Papers;
using Replication.Reporting;
using Replication.Runs;
using Replication.Tests.Papers;

namespace Replication.PatientKD.Tests;

/// <summary>The report of made-up runs, and of none.</summary>
public sealed class PatientKdPaperTests() : ReportChecks<PatientKdPaper>(new MadeUpRuns().Find, "labels only, 3 layers", "PKD-Skip, 3 layers")
{
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
}
