using Replication.Claims;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;
using Replication.Tests.Studies;

namespace Replication.DynaBERT.Tests;

/// <summary>The report of made-up runs, and of none.</summary>
[Category("Slow")]
public sealed class DynaBertPaperTests() : ReportChecks<DynaBertPaper>(MadeUpRuns.Find)
{
    [Test]
    public void Report_ParametersCountsAndLayers_AreReproduced()
    {
        var sizes = Report(Profile.Quick, _ => null).Claims.Where(
            c => c.Claim.Kind == ClaimKind.Size && !c.Claim.Id.Contains("flops", StringComparison.Ordinal)).ToList();
        Assert.That(sizes, Has.Count.EqualTo(7 + 3));
        Assert.That(sizes.Select(c => $"{c.Claim.Id} {c.Verdict} {c.Reason}"), Has.All.Contains(" Reproduced "));
    }

    [Test]
    public void Report_Flops_AreReproducedByTheCountThatGivesAllOfThem()
    {
        var flops = Report(Profile.Quick, _ => null).Claims.Where(c => c.Claim.Id.Contains("flops", StringComparison.Ordinal)).ToList();
        Assert.That(flops, Has.Count.EqualTo(7));
        Assert.That(flops.Select(c => c.Verdict), Has.All.EqualTo(Verdict.Reproduced));
        Assert.That(flops.Select(c => c.Measured!.Signature), Has.All.EqualTo("paper's geometry | counted | by ELECTRA's count"));
    }

    [Test]
    public void Report_SpeedUps_AreRatiosToTheWholeNetwork() =>
        Assert.That(Claim(Report(Profile.Quick), "dynabert.speed.w05-d10").Measured!.Value, Is.EqualTo(2).Within(1e-9));

    [TestCase("dynabert.order.rewiring", 1)]
    [TestCase("dynabert.order.distillation", 1)]
    [TestCase("dynabert.order.vanilla", 2)]
    [TestCase("dynabert.order.final-fine-tuning", 1)]
    [TestCase("dynabert.order.alone", 2)]
    public void Report_OrdersThatHoldInEverySeed_AreNotSettledFromOneTeacher(string id, double points)
    {
        var outcome = Claim(Report(Profile.Small), id);
        Assert.That(outcome.Measured!.Value, Is.EqualTo(points).Within(1e-9));
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.Inconclusive), outcome.Reason);
        Assert.That(outcome.Reason, Does.StartWith("0 of 8 planned replicates, since the 3 seeds here share random draws ("));
    }

    [TestCase("dynabert.step.memory", "not in the paper (expected)", Confidence.Sourced1)]
    [TestCase("dynabert.order.alone", "no published order at hand", Confidence.Sourced1)]
    [TestCase("dynabert.order.rewiring", "Ablations", Confidence.Sourced1)]
    [TestCase("dynabert.order.kept-smallest", "Table 1", Confidence.Sourced2)]
    public void Report_Claims_SayWhereTheyStandAndHowWellThatIsSourced(string id, string table, Confidence confidence)
    {
        var claim = Claim(Report(Profile.Small), id).Claim;
        Assert.That((claim.Table, claim.Confidence), Is.EqualTo((table, confidence)));
    }

    [Test]
    public void Report_OneSeedWithoutAblations_SettlesNoOrder()
    {
        var report = Report(Profile.Quick);
        Assert.That(Claim(report, "dynabert.order.rewiring").Verdict, Is.EqualTo(Verdict.NotRun));
        Assert.That(Claim(report, "dynabert.order.kept-smallest").Verdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [Test]
    public void Report_Scores_AreComparedWithThePapersTeacherAlone()
    {
        ClaimOutcome[] Scores(Profile profile) => [.. Report(profile).Claims.Where(c => c.Claim.Kind == ClaimKind.Score)];
        Assert.That(Scores(Profile.Small), Has.Length.EqualTo(234).And.All.Matches<ClaimOutcome>(c => c.Verdict == Verdict.NotRun));
        Assert.That(Scores(Profile.Paper).Count(c => c.Verdict != Verdict.NotRun), Is.EqualTo(13 * 9));
    }

    [Test]
    public void Report_Figures_ShowTradeOffsAndTheRewiring()
    {
        var figures = Report(Profile.Quick).Figures;
        Assert.That(
            figures.Select(f => f.Id),
            Is.EqualTo(
                new[] { "parameters-sst-2", "flops-sst-2", "latency-sst-2", "published-parameters", "rewiring-sst-2", "kept-sst-2" }));
        var bars = ((BarFigure)figures[^2]).Groups;
        Assert.That(bars[1].Bars.Select(b => b.Value), Is.Ordered.Descending);
        Assert.That(bars[0].Bars.Select(b => b.Value), Is.Not.Ordered.Descending);
        var kept = ((LineFigure)figures[^1]).Series;
        Assert.That(kept.Select(line => line.Y[^1]), Has.All.EqualTo(100).Within(1e-9));
        Assert.That(kept[1].Y[1], Is.EqualTo(50).Within(1e-9), "the better head of each layer");
        Assert.That(kept[3].Y[1], Is.GreaterThan(kept[2].Y[1]));
    }

    [Test]
    public void Report_StudentsOfOtherPapers_StandInTheFiguresOfTheirTaskAndTeacher()
    {
        var run = MadeUpRuns.Find(DynaBertProfile.Of(Profile.Quick).FineTuned(GlueTasks.Sst2))!;
        TrainedStudent Student(string method, string task, string teacher) =>
            new(method, task, teacher, config => config with { NumHiddenLayers = 3 }, [run]);
        var report = new DynaBertPaper().Report(
            new ExperimentRequest { Profile = Profile.Quick }, MadeUpRuns.Find,
            [Student("shown", "SST-2", "minilm-l6"), Student("other task", "CoLA", "minilm-l6"),
            Student("other teacher", "SST-2", "bert-base-uncased")]);
        IReadOnlyList<string> Names(string id) => [.. ((ScatterFigure)report.Figures.Single(f => f.Id == id)).Series.Select(s => s.Name)];
        Assert.That(Names("parameters-sst-2"), Does.Contain("shown").And.No.Member("other task").And.No.Member("other teacher"));
        Assert.That(Names("flops-sst-2"), Does.Contain("shown"));
        Assert.That(Names("latency-sst-2"), Does.Not.Contain("shown"), "it was not timed");
        var point = (
            (ScatterFigure)report.Figures.Single(f => f.Id == "parameters-sst-2")).Series.Single(s => s.Name == "shown").Points.Single();
        Assert.That((Math.Round(point.X, 1), point.Y), Is.EqualTo((17.4, 90)));
    }
}
