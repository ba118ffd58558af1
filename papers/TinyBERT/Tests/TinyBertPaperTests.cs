using Replication.Claims;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;
using Replication.Tests.Studies;

namespace Replication.TinyBERT.Tests;

/// <summary>The report of made-up runs, and of none.</summary>
[Category("Slow")]
public sealed class TinyBertPaperTests() : ReportChecks<TinyBertPaper>(new MadeUpRuns().Find, "TinyBERT")
{
    [Test]
    public void Report_Sizes_AreReproducedButForThePrintedTinyBert4()
    {
        var sizes = Report(Profile.Quick, _ => null).Claims.Where(c => c.Claim.Kind == ClaimKind.Size).ToList();
        Assert.That(sizes, Has.Count.EqualTo(6 + 2));
        Assert.That(
            sizes.Where(c => c.Verdict != Verdict.Reproduced).Select(c => c.Claim.Id),
            Is.EqualTo((string[])["tinybert.table1.tinybert4.params"]));
        Assert.That(Claim(Report(Profile.Quick), "tinybert.table1.tinybert4.params").Claim.Finding, Does.Contain("14.59"));
    }

    [Test]
    public void Report_SpeedUps_AreTheMedianRatios()
    {
        var report = Report(Profile.Quick);
        Assert.That(Claim(report, "tinybert.table1.tinybert4.speedup").Measured!.Value, Is.EqualTo(9.4).Within(1e-9));
        Assert.That(Claim(report, "tinybert.table1.tinybert6.speedup").Verdict, Is.EqualTo(Verdict.Reproduced));
    }

    [Test]
    public void Report_SmallProfile_MeasuresEveryOrderAndSettlesNoneFromOneTeacher()
    {
        var report = Report(Profile.Small);
        var orders = report.Claims.Where(c => c.Claim.Kind == ClaimKind.Order).ToList();
        Assert.That(orders.Select(c => $"{c.Claim.Id} {c.Verdict}"), Has.All.EndsWith("Inconclusive"));
        Assert.That(
            orders.Select(c => c.Reason), Has.All.StartsWith("0 of 8 planned replicates, since the 3 seeds here share random draws ("));
        Assert.That(Claim(report, "tinybert.order.distillation-random").Measured!.Value, Is.EqualTo(5).Within(1e-9));
        Assert.That(Claim(report, "tinybert.order.uniform-top").Measured!.Value, Is.EqualTo(1).Within(1e-9));
    }

    [TestCase("tinybert.order.distillation-random", "not in the paper")]
    [TestCase("tinybert.order.distillation-general", "Table 7")]
    public void Report_Distillation_NamesTheTableThatHasItsOtherStudent(string id, string table)
    {
        var claim = Claim(Report(Profile.Quick), id).Claim;
        Assert.That((claim.Table, claim.Confidence), Is.EqualTo((table, Confidence.Sourced1)));
    }

    [Test]
    public void Report_DistillationOfTable7_IsMeasuredWithoutAugmentation()
    {
        var made = new MadeUpRuns();
        // Augmented students score nothing: Table 7 has none.
        FinishedRun Find(RunSpec spec)
        {
            var run = made.Find(spec)!;
            return spec is PredictionSpec { Augmentation: not null }
                ? run with { Result = run.Result with { Scores = new Dictionary<string, IReadOnlyDictionary<string, double?>>() } } : run;
        }
        Assert.That(Claim(Report(Profile.Small, Find), "tinybert.order.distillation-general").Measured!.Value, Is.EqualTo(4).Within(1e-9));
        Assert.That(
            Claim(Report(Profile.Quick), "tinybert.order.distillation-general").Verdict, Is.EqualTo(Verdict.NotRun),
            "quick has no run of Table 7's");
    }

    [Test]
    public void Report_Search_ShowsTheRunThatWasChosenAndNotTheFirstPoint()
    {
        var request = new ExperimentRequest { Profile = Profile.Paper, Corpus = "text.txt", Fidelity = Fidelity.Paper };
        var report = new TinyBertPaper().Report(request, new MadeUpRuns().Find);
        var search = (SelectionSpec)MadeUpRuns.Pipeline(Profile.Paper, Fidelity.Paper).Run(GlueTasks.Cola, 1);
        var chosen = search.ChosenBy(new MadeUpRuns().Find(search)!.Result);
        Assert.That(chosen, Is.Not.EqualTo(search.Candidates[0]));
        var (key, first) = (chosen.SpecKey()[..8], search.Candidates[0].SpecKey()[..8]);
        var notes = string.Join('\n', report.Tables.Single(t => t.Id == "cost").Rows.Select(row => row[1].Note));
        Assert.That(notes, Does.Contain(key).And.Not.Contain(first));
        Assert.That(report.Figures.Single(f => f.Id == "loss-prediction-cola").Caption, Does.Contain(key));
    }

    [Test]
    public void Report_QuickProfile_HasTooFewPairsAndNoAblations()
    {
        var report = Report(Profile.Quick);
        Assert.That(Claim(report, "tinybert.order.distillation-random").Verdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(Claim(report, "tinybert.order.attn").Verdict, Is.EqualTo(Verdict.NotRun));
    }

    [Test]
    public void Report_Figures_ShowAblationsAndTheLossesOfEachStage() => Assert.That(
        Report(Profile.Small).Figures.Select(f => f.Id),
        Is.EqualTo(
            (string[])[
                "ablations", "loss-general", "loss-intermediate-sst-2", "loss-prediction-sst-2", "attention-sst-2",
                "loss-intermediate-cola", "loss-prediction-cola", "attention-cola"]));

    [Test]
    public void Report_PaperProfile_JudgesDevScoresOfBothStudents()
    {
        var report = Report(Profile.Paper);
        Assert.That(Claim(report, "tinybert.table2.tinybert4.cola.mcc").Measured!.Value, Is.EqualTo(85.1).Within(1e-9));
        Assert.That(Claim(report, "tinybert.table5.tinybert6.mrpc.f1").Verdict, Is.EqualTo(Verdict.Below));
        // Twelve columns, and the made-up runs were not measured on MNLI's second dev set.
        Assert.That(report.Tables.Single(t => t.Id == "table-5").Rows[^1].Count(c => c.Kind == CellKind.Measured), Is.EqualTo(11));
        Assert.That(report.Tables.Single(t => t.Id == "table-2").Columns, Does.Contain("MNLI-m acc here").And.Contain("MNLI-mm acc here"));
        Assert.That(Claim(Report(Profile.Small), "tinybert.table5.tinybert6.mrpc.f1").Verdict, Is.EqualTo(Verdict.NotRun));
    }

    [TestCase(5e6, Verdict.NotComparable)]
    [TestCase(3e9, Verdict.Below)]
    public void Report_PaperProfileOnTheUsersText_IsHeldAgainstThePaperIfTheTextIsAsLong(double tokens, Verdict expected)
    {
        var made = new MadeUpRuns();
        FinishedRun Find(RunSpec spec)
        {
            var run = made.Find(spec)!;
            return spec is GeneralDistillationSpec
                ? new FinishedRun(
                    run.Path, run.Manifest,
                    run.Result with { Facts = new Dictionary<string, double> { [GeneralDistillationSpec.CorpusTokens] = tokens } })
                : run;
        }
        var score = Claim(Report(Profile.Paper, Find), "tinybert.table5.tinybert6.mrpc.f1");
        Assert.That(score.Verdict, Is.EqualTo(expected));
        if (expected == Verdict.NotComparable)
            Assert.That(score.Reason, Is.EqualTo("The text has 5 million tokens; the paper's had more than 2,000 million."));
    }

    [Test]
    public void Report_Cost_ComesFromTheManifests()
    {
        var rows = Report(Profile.Quick).Tables.Single(t => t.Id == "cost").Rows;
        Assert.That(
            rows.Select(row => row[2].Text),
            Is.EqualTo((string[])["5000 tokens/s", "", "90 rows/s, 9.0 times one word a pass", "5000 tokens/s", "5000 tokens/s"]));
        Assert.That(rows[0].Select(cell => cell.Text).Skip(1), Is.EqualTo((string[])["1.0", "5000 tokens/s", "3.0"]));
    }

    [Test]
    public void Report_AttentionPicture_HasTeacherBesideStudent()
    {
        var figure = (MatrixFigure)Report(Profile.Quick).Figures.Single(f => f.Id == "attention-sst-2");
        Assert.That(figure.Panels.Select(p => p.Name), Is.EqualTo((string[])["teacher, layer 6", "student, layer 3"]));
        Assert.That(figure.Panels[0].Values[0], Is.EqualTo((double[])[0.8, 0.1, 0.1]));
    }

    [TestCase(Fidelity.Default, false)]
    [TestCase(Fidelity.Official, true)]
    public void Report_Deviations_TellWhatIsSharedAndHowTheRateMoves(Fidelity variant, bool official)
    {
        var request = new ExperimentRequest { Profile = Profile.Small, Fidelity = variant };
        var deviations = new TinyBertPaper().Report(request, new MadeUpRuns().Find).Deviations;
        Assert.That(
            deviations,
            Has.One.Contains("does not hold what another teacher").And.One.Contains("falls linearly after a warm-up of a tenth"));
        Assert.That(deviations.Count(d => d.Contains("stop words", StringComparison.Ordinal)), Is.EqualTo(official ? 1 : 0));
    }

    [Test]
    public void Deviations_OfAnotherTeacherInProfilePaper_NameIt()
    {
        var request = new ExperimentRequest { Profile = Profile.Paper, Teacher = "minilm-l6" };
        Assert.That(new TinyBertPaper().Declare(request).Deviations, Has.One.StartsWith("The teacher is minilm-l6 with 6 layers"));
    }

    [Test]
    public void Fidelities_OfficialRequest_RunsTheAuthorsForm()
    {
        var request = new ExperimentRequest { Profile = Profile.Quick, Fidelity = Fidelity.Official };
        Assert.That(new TinyBertPaper().Fidelities, Does.Contain(Fidelity.Official));
        Assert.That(TinyBertProfile.Of(request).Switches, Is.EqualTo(Switches.OfficialCode));
        Assert.That(new TinyBertPaper().Report(request, new MadeUpRuns().Find).Profile, Is.EqualTo("quick-official"));
    }
}
