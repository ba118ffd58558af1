using System.Text;
using Replication.Claims;
using Replication.Glue;
using Replication.Reporting;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.Tests.Studies;

/// <summary>A declared study from end to end: what is planned, run, reported and judged.</summary>
[TestFixture]
public sealed class StudyTests
{
    private TinyPipeline _tiny = null!;
    private FifthPaper _paper = null!;

    [OneTimeSetUp]
    public void Prepare()
    {
        _tiny = new TinyPipeline(layers: 2, heads: 2);
        _paper = new FifthPaper(_tiny.Base);
    }

    [OneTimeTearDown]
    public void CleanUp() => _tiny.Dispose();

    private FifthPaper Printing(string cells) =>
        new(_tiny.Base) { Printed = PublishedCells.Read(new MemoryStream(Encoding.UTF8.GetBytes(cells))) };

    private static ExperimentRequest Small => new() { Profile = Profile.Small };

    [Test]
    public void Study_RunAndReported_HasScoresVerdictsAndFiles()
    {
        var workspace = _tiny.Workspace("runs");
        var store = new RunStore(workspace);
        var request = Small with { Seeds = 2 };
        var outcome = new RunExecutor(workspace, store, new QuietProgress())
            .Run(Plan.Build(_paper.Experiments(request)), CancellationToken.None);
        Assert.That(outcome.Finished, Has.Count.EqualTo(3 * 2));

        var report = _paper.Report(request, store.Find);
        var scores = report.Tables.Single(t => t.Id == "table-1");
        Assert.That(scores.Columns, Is.EqualTo((string[])["Model", "SST-2 acc published", "SST-2 acc here"]));
        Assert.That(
            scores.Rows.Select(row => row[2].Kind),
            Is.EqualTo((CellKind[])[CellKind.Measured, CellKind.Measured, CellKind.Measured, CellKind.Plain]));
        Assert.That(
            scores.Rows[1][2].Note,
            Does.Match(
                @"^SST-2/dev accuracy \| One layer \| model tiny \| small \| seeds 1-2 \| cpu fp32 \| runs [0-9a-f]{8} [0-9a-f]{8}$"));
        Assert.That(report.Claims.Single(c => c.Claim.Id == "fifth.order.depth").Measured!.Replicates, Is.EqualTo((int[])[1, 2]));

        var folder = _tiny.PathOf("report");
        ReportWriter.Write(report, folder);
        Assert.That(File.ReadAllText(Path.Combine(folder, "tables", "table-1.csv")), Does.Contain("Another's,70.0,"));
        Assert.That(
            Standings.Of(ClaimsTable.Read(Path.Combine(folder, "claims.csv")).Single(c => c.Claim.Id == "fifth.layers")),
            Is.EqualTo(Standing.Passes));
    }

    [TestCase("2", Verdict.Reproduced)]
    [TestCase("3", Verdict.Below)]
    public void Judge_ACountedClaim_IsHeldAgainstThePrintedNumber(string printed, Verdict verdict)
    {
        var paper = Printing(FifthPaper.Cells.Replace("layers,2,", $"layers,{printed},", StringComparison.Ordinal));
        Assert.That(paper.Report(Small, _ => null).Claims.Single(c => c.Claim.Id == "fifth.layers").Verdict, Is.EqualTo(verdict));
    }

    [Test]
    public void Report_WithoutAnyRun_SaysSoInEachCellAndClaim()
    {
        var report = _paper.Report(Small, _ => null);
        Assert.That(
            report.Tables[0].Rows.Take(3).Select(row => row[2]),
            Has.All.EqualTo(new Cell("not run", "These runs are not finished.", CellKind.Missing)));
        Assert.That(
            report.Claims.Where(c => c.Claim.Kind is ClaimKind.Order or ClaimKind.Score).Select(c => c.Verdict),
            Has.All.EqualTo(Verdict.NotRun));
        Assert.That(report.Claims.Select(c => c.Claim.Id), Is.Unique);
    }

    [Test]
    public void Orders_OfMadeUpScores_AreJudgedByReplicateWithTheirFinding()
    {
        var order = _paper.Report(Small, MadeUpScores).Claims.Single(c => c.Claim.Id == "fifth.order.depth");
        Assert.That(
            (order.Verdict, order.Claim.Table, order.Claim.Finding),
            Is.EqualTo((Verdict.AgreesAtSmallScale, "Table 1", "The model is tiny.")));
        Assert.That(order.Measured!.Value, Is.EqualTo(10.35).Within(1e-9));
        Assert.That(
            order.Measured.Signature, Does.StartWith("SST-2/dev main metric | Whole minus One layer | model tiny | small | seeds 1-6"));
    }

    [Test]
    public void Orders_OfReplicatesThatShareADraw_SettleNothing()
    {
        var study = _paper.Declare(Small);
        var whole = study.Orders[0].Better[0];
        // Every replicate uses the same training of the whole network.
        var shared = study.Orders[0] with { Better = [whole with { Run = (task, _) => whole.Run(task, 1) }] };
        var outcome = OrderVerdicts.Of(new StudyResults(study with { Orders = [shared] }, MadeUpScores)).Single();
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(outcome.Reason,
            Does.StartWith(
            "0 of 6 planned replicates, since the 6 seeds here share random draws (SST-2 fine-tuned, rate 0.002, seed 1). For these "
            + "draws alone the order holds: "));
    }

    [Test]
    public void Orders_WithASilentTeacher_LeaveTheTaskOut()
    {
        FinishedRun? Find(RunSpec spec) => MadeUpScores(spec) is { } run
            ? run with { Result = run.Result with {
                Facts = new Dictionary<string, double> { [MeasuredRows.Count] = 872, [MeasuredRows.LargerClass] = 0.9 } } } : null;
        var outcome = OrderVerdicts.Of(new StudyResults(_paper.Declare(Small), Find))[0];
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(outcome.Reason, Does.StartWith("No task is left to compare on. Left out: on SST-2 the teacher scores 90.2"));
    }

    [Test]
    public void Orders_WhosePredictionsAreKept_ShowWhatOtherRowsWouldSay()
    {
        var study = _paper.Declare(Small);
        var pairs = study.RunsOf([study.Orders[0].Better[0]]).Select(run => run.Replicate).Select(replicate => new ScoredDifference(
            new PairedDifference("SST-2", replicate, 10), Score(replicate, 90), Score(replicate, 80))).ToList();
        var interval = DevRows.Interval("depth", [(ScoreColumn.MainOf(GlueTasks.Sst2), pairs)])!.Value;
        Assert.That(interval.Low, Is.GreaterThan(0).And.LessThan(10));
        Assert.That(interval.High, Is.GreaterThan(10).And.LessThan(20));
        Assert.That(DevRows.Interval(
            "depth", [(ScoreColumn.MainOf(GlueTasks.Sst2),
            [.. pairs.Select(
            p => p with { Worse = p.Worse with { Run = new FinishedRun("nowhere", MadeUp.Manifest(p.Worse.Spec), new RunResult()) } })])]),
            Is.Null);

        // A run whose folder holds a row for each of 100, of which so many are right.
        Score Score(int replicate, int right)
        {
            var spec = study.Orders[0].Better[0].Run(GlueTasks.Sst2, replicate)!;
            var folder = Directory.CreateDirectory(_tiny.PathOf($"predictions-{replicate}-{right}")).FullName;
            File.WriteAllLines(
                Path.Combine(folder, "predictions-dev.tsv"),
                ["index\tprediction\tlabel\tlogit 0\tlogit 1",
                .. Enumerable.Range(0, 100).Select(row => $"{row}\t{(row < right ? 1 : 0)}\t1\t0\t0")]);
            return new Score(replicate, right, spec, new FinishedRun(folder, MadeUp.Manifest(spec), new RunResult()), null);
        }
    }

    [TestCase("1", null, 18)]
    [TestCase("2", null, 0)]
    [TestCase(null, "fifth.order.depth", 12)]
    [TestCase(null, "fifth.layers", 0)]
    [TestCase(null, "fifth.table1.w-o-dropout.sst-2.acc", 18)]
    public void Specs_OfOneTableOrClaim_AreWhatItNeeds(string? table, string? claim, int runs) =>
        Assert.That(_paper.Experiments(Small with { Table = table, Claim = claim }), Has.Count.EqualTo(runs));

    [TestCase("9", null, "--table is 9, which Fifth does not have; it has 1, 2.")]
    [TestCase(null, "fifth.order.dept", "--claim is fifth.order.dept, which Fifth does not have. Did you mean 'fifth.order.depth'?")]
    public void Specs_OfATableOrClaimThatIsNot_AreRefused(string? table, string? claim, string sentence) => Assert.That(
        () => _paper.Experiments(Small with { Table = table, Claim = claim }),
        Throws.TypeOf<ReplicationException>().With.Message.EqualTo(sentence));

    [TestCase(null, "fifth.order.depth", "--claim is fifth.order.depth")]
    [TestCase("1", null, "--table is 1")]
    public void Declared_ATableOrClaimWhoseArmsAreNotRun_IsRefusedWithTheProfilesThatRunThem(string? table, string? claim, string begins)
    {
        var study = _paper.Declare(Small with { Table = table, Claim = claim });
        Variant Without(Variant variant) => variant with { Run = (_, _) => null };
        var (order, rows) = (study.Orders[0], (ScoreTable)study.Tables[0]);
        // An order is nothing without one of its sides, a table without all of its rows.
        study = study with
        {
            Orders = [order with { Worse = [Without(order.Worse[0])] }],
            Tables = [rows with { Rows = [.. rows.Rows.Select(Without)] }],
        };
        var names = table is null ? "One layer" : "Whole and One layer and w/o dropout";
        Assert.That(study.Declared, Throws.TypeOf<ReplicationException>().With.Message.EqualTo(
            $"{begins}, which profile small does not measure, since it does not run {names}; --profile quick or --profile paper does."));
    }

    [Test]
    public void Declared_ATableWithOneRowThatIsRun_IsThatRow()
    {
        var study = _paper.Declare(Small with { Seeds = 1, Table = "1" });
        var rows = (ScoreTable)study.Tables[0];
        study = study with { Orders = [], Tables = [rows with { Rows = [rows.Rows[1], rows.Rows[2] with { Run = (_, _) => null }] }] };
        Assert.That(study.Declared().Select(run => run.Identity.Variant), Is.EqualTo((string[])["Whole", "One layer"]));
    }

    [Test]
    public void Declared_ATableOnOtherTasks_RunsThemForItsRowsAndTheTeacherAlone()
    {
        var study = _paper.Declare(Small with { Seeds = 1 });
        var (table, other) = ((ScoreTable)study.Tables[0], GlueTasks.Cola);
        study = study with { Tables = [.. study.Tables, new ScoreTable("Table 3", "Elsewhere", table.Rows[1]) { Tasks = [other] }] };
        Assert.That(
            study.Declared().Where(run => run.Identity.Task == other.Name).Select(run => run.Identity.Variant),
            Is.EqualTo((string[])["Whole", "One layer"]));
        Assert.That(study.Tables[^1].Make(new StudyResults(study, MadeUpScores))!.Columns, Is.EqualTo((string[])["Model", "CoLA here"]));
    }

    [TestCase("fifth.table1.whole.sst-2.acc", Verdict.Reproduced, "Whole scores 90.0 (acc) on SST-2, dev.")]
    [TestCase("fifth.table1.whole.mean.score", Verdict.NotComparable, "Whole scores 90.0 on average over all tasks, dev.")]
    [TestCase("fifth.readme.whole.sst-2.accuracy", Verdict.Below, "Whole scores 95.0 (accuracy) on SST-2, dev.")]
    public void Judge_AMeanAndAScoreOfAnotherSource_AreClaimsOfTheRow(string id, Verdict verdict, string statement)
    {
        const string cells = """
            paper,table,split,model,task,metric,value,unit,source,confidence
            Fifth,Section 2,-,Whole,-,layers,2,layers,nowhere,sourced2
            Fifth,Table 1,dev,Whole,Mean,score,90.0,%,nowhere,sourced2
            Fifth,Table 1,dev,Whole,SST-2,acc,90.0,%,nowhere,sourced2
            Fifth,README,dev,Whole,SST-2,accuracy (of rows),95.0,%,nowhere,sourced2
            """;
        var paper = Printing(cells);
        var study = paper.Declare(new ExperimentRequest { Profile = Profile.Paper, Seeds = 1 });
        var whole = ((ScoreTable)study.Tables[0]).Rows[0];
        var table = new ScoreTable("Table 1", "Scores", whole)
        {
            MeanColumn = "Mean",
            Beside = [(whole, study.Published.All[^1])],
            NotComparable = cell => cell.Task == "Mean" ? "It is of other tasks." : null,
        };
        var results = new StudyResults(study with { Tables = [table] }, MadeUpScores);
        Assert.That(
            table.Make(results)!.Rows.Single().Select(cell => cell.Text), Is.EqualTo((string[])["Whole", "90.0", "90.2", "90.0", "90.2"]));
        var outcome = table.Judge(results).Single(claim => claim.Claim.Id == id);
        Assert.That((outcome.Verdict, outcome.Claim.Statement), Is.EqualTo((verdict, statement)));
    }

    [Test]
    public void Make_KeptShares_AreOfTheTeacherAndOfSeveralScoresTheirMean()
    {
        var study = _paper.Declare(Small with { Seeds = 1 });
        var (whole, one) = (((ScoreTable)study.Tables[0]).Rows[0], ((ScoreTable)study.Tables[0]).Rows[1]);
        var parts = one with { Reads = split => [$"{split}, a", $"{split}, b"] };
        FinishedRun? Find(RunSpec spec) => new("nowhere", MadeUp.Manifest(spec), new RunResult
        {
            Scores = new Dictionary<string, IReadOnlyDictionary<string, double?>> { ["dev"] = MadeUp.Metrics(0.8),
            ["dev, a"] = MadeUp.Metrics(0.3), ["dev, b"] = MadeUp.Metrics(0.5) },
        });
        var results = new StudyResults(study, Find);
        var table = new ScoreTable("Table 1", "Scores", whole, parts) { KeptOf = whole, NamesVariants = false };
        Assert.That(
            table.Make(results)!.Rows[1].Select(cell => cell.Text), Is.EqualTo((string[])["One layer", "80.0", "40", "88.9", "50"]));
        Assert.That((table with { Tasks = [] }).Make(results), Is.Null);
    }

    [Test]
    public void Declared_AnOptionalTask_MarksItsRunsUnlessTheirTableIsNamed()
    {
        IEnumerable<bool> Optional(ExperimentRequest request) =>
            (_paper.Declare(request with { Seeds = 1 }) with { OptionalTasks = [GlueTasks.Sst2] }).Declared().Select(run => run.IsOptional);
        Assert.That(Optional(Small), Is.Not.Empty.And.All.True);
        Assert.That(Optional(Small with { Table = "1" }), Is.Not.Empty.And.All.False);
    }

    [Test]
    public void Report_OfOneTable_IsWhole() =>
        Assert.That(_paper.Report(Small with { Table = "2" }, _ => null).Tables, Has.Count.EqualTo(2));

    // One layer costs ten points, and a tenth more with each replicate; dropout is worth five.
    private static FinishedRun? MadeUpScores(RunSpec spec)
    {
        var run = (FineTuneSpec)spec;
        var score = 0.9 - (run.Layers is null ? 0 : 0.1) - (run.Recipe.Dropout == 0 ? 0.05 : 0) + (0.001 * run.Seed * (run.Layers ?? 2));
        return new FinishedRun("nowhere", MadeUp.Manifest(spec), new RunResult
        {
            Scores = new Dictionary<string, IReadOnlyDictionary<string, double?>> { ["dev"] = MadeUp.Metrics(score) },
            Facts = new Dictionary<string, double> { [MeasuredRows.Count] = 872, [MeasuredRows.LargerClass] = 0.51 },
        });
    }
}
