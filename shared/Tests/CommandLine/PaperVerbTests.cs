using System.Globalization;
using System.Text.Json;
using Replication.CommandLine;
using Replication.Runs;
using Replication.Studies;
using Replication.Tests.Runs;
using Replication.Training;

namespace Replication.Tests.CommandLine;

public sealed class PaperVerbTests
{
    [Test]
    public void Paper_FirstCall_RunsKeepsEvidenceAndReports()
    {
        using var session = new Session();

        var call = session.Run("fakepaper");

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Lines[0],
            Is.EqualTo("A Paper of No Importance, profile quick: 2 runs, 0 finished, 2 to compute, about 2 min on this machine (cpu, "
            + Threads() + ")."));
        Assert.That(call.Output, Does.Contain("run 1 of 2 (2:00 left for all): fake run [first], seed 1"));
        Assert.That(call.Output, Does.Contain("fakepaper quick: 1 above; no results are committed to compare with."));
        var folder = session.Local;
        Assert.That(call.Lines[^1], Is.EqualTo($"The report is {Path.Combine(folder, "report.html")}; --all lists every claim."));
        Assert.That(Ledger.Read(folder).Runs, Has.Count.EqualTo(2));
        foreach (var file in (string[])["report.html", "claims.csv", "request.json"])
            Assert.That(Path.Combine(folder, file), Does.Exist);
    }

    [Test]
    public void Paper_SecondCall_ComputesNothing()
    {
        var executed = 0;
        using var session = new Session { Paper = new FakePaper { Executing = () => executed++ } };
        session.Run("fakepaper");

        var call = session.Run("fakepaper");

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(executed, Is.EqualTo(2));
        Assert.That(session.Calibrations, Is.EqualTo(1));
        Assert.That(call.Lines[0], Does.Contain("2 runs, 2 finished, nothing is left to compute"));
    }

    [Test]
    public void Report_FourAtOnce_AllEndWellAndLeaveTheBytesOfOne()
    {
        using var session = new Session();
        session.Run("fakepaper");
        var alone = Files(session.Local);

        var calls = Enumerable.Range(0, 4).Select(_ => Task.Run(() => session.Run("report"))).ToArray();
        Task.WaitAll(calls);

        Assert.That(calls.Select(call => call.Result.Exit), Has.All.Zero,
            calls.FirstOrDefault(call => call.Result.Exit != 0)?.Result.Error);
        Assert.That(Files(session.Local), Is.EqualTo(alone));
    }

    private static SortedDictionary<string, string> Files(string folder) => new(
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(folder, file), Digest.OfFile), StringComparer.Ordinal);

    [Test]
    public void Paper_AnotherProcessWritesItsReport_WaitsForIt()
    {
        using var session = new Session();
        var held = FolderLock.Acquire(
            Path.Combine(session.Results, "local"), "The report", TimeSpan.Zero, null, TimeProvider.System, CancellationToken.None);
        Task<Call> call;
        using (held)
        {
            call = Task.Run(() => session.Run("fakepaper"));
            Assert.That(call.Wait(TimeSpan.FromSeconds(2)), Is.False);
            Assert.That(Path.Combine(session.Local, "request.json"), Does.Not.Exist);
        }
        Assert.That(call.Result.Exit, Is.Zero, call.Result.Error);
    }

    [Test]
    public void Paper_Quiet_PrintsTheVerdictsAlone()
    {
        using var session = new Session();

        var call = session.Run("fakepaper", "--quiet");

        Assert.That(call.Output, Is.EqualTo("fakepaper quick: 1 above; no results are committed to compare with.\n"));
    }

    [Test]
    public void Paper_All_ListsEveryClaim()
    {
        using var session = new Session();

        Assert.That(session.Run("fakepaper", "--all").Output, Does.Contain("The [answer] is 1234.5.").And.Contains("1235.5 M"));
    }

    [Test]
    public void Paper_ResultsAreCommitted_WritesBesideThemAndSaysWhatDiffers()
    {
        using var session = new Session();
        session.Run("fakepaper", "--update-results");
        var committed = Path.Combine(session.Results, "fakepaper", "quick", "claims.csv");
        File.WriteAllText(committed, File.ReadAllText(committed).Replace(",above,", ",inconclusive,", StringComparison.Ordinal));
        var before = File.ReadAllBytes(committed);

        var call = session.Run("fakepaper");

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Output,
            Does.Contain("fakepaper quick: 1 above; 1 verdict is not the committed one:\n  fake.1: inconclusive -> above\n"));
        Assert.That(File.ReadAllBytes(committed), Is.EqualTo(before));
        Assert.That(Path.Combine(session.Local, "report.html"), Does.Exist);
    }

    [Test]
    public void Paper_UpdateResults_ReplacesTheCommittedOnes()
    {
        using var session = new Session();

        session.Run("fakepaper", "--update-results");

        Assert.That(Path.Combine(session.Results, "fakepaper", "quick", "report.html"), Does.Exist);
        Assert.That(Path.Combine(session.Results, "local"), Does.Not.Exist);
        Assert.That(session.Run("fakepaper", "--update-results").Output,
            Does.Contain("fakepaper quick: 1 above.\nEvery verdict is as committed.\n"));
    }

    [Test]
    public void Report_NoRunsOfItsOwn_ReadsTheCommittedEvidence()
    {
        var executed = 0;
        using var session = new Session { Paper = new FakePaper { Executing = () => executed++ } };
        session.Run("fakepaper", "--update-results");
        Directory.Delete(Path.Combine(session.Results, "runs"), recursive: true);

        var call = session.Run("report");

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Lines[0], Is.EqualTo("fakepaper quick: 1 above."));
        Assert.That(call.Output,
            Does.Contain("\nEvery verdict is as committed.\nMade from the committed runs, since this machine has none of its own.\n"));
        Assert.That(Path.Combine(session.Local, "report.html"), Does.Exist);
        Assert.That(executed, Is.EqualTo(2));
    }

    [Test]
    public void Report_HundredsOfClaims_FillsAtMostAScreen()
    {
        using var session = new Session { Paper = new FakePaper { Claims = 300 } };
        session.Run("fakepaper", "--update-results");
        session.Run("fakepaper", "--update-results", "--profile", "small");
        foreach (var committed in Directory.GetFiles(session.Results, "claims.csv", SearchOption.AllDirectories))
            File.WriteAllText(committed, File.ReadAllText(committed).Replace(",above,", ",inconclusive,", StringComparison.Ordinal));

        var call = session.Run("report");

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Lines, Has.Length.LessThanOrEqualTo(23));
        Assert.That(call.Output, Does.Contain("300 verdicts are not the committed ones:").And.Contains("  and 294 more"));
        Assert.That(session.Run("report", "--all").Lines, Has.Length.GreaterThan(900));
    }

    [Test]
    public void Paper_OutputAndUpdateResults_AreRefusedTogether()
    {
        using var session = new Session();

        var call = session.Run("fakepaper", "--update-results", "--output", session.Root);

        Assert.That((call.Exit, call.Error), Is.EqualTo((2, "error: --output and --update-results name two places; leave one out.\n")));
    }

    [Test]
    public void All_LastPaperLacksAnInput_StartsNone()
    {
        var executed = 0;
        using var session = new Session
        {
            Paper = new FakePaper { Executing = () => executed++ },
            Others = [new FakePaper {
                Name = "lackingpaper", Reads = _ => throw new ReplicationException("The model large is not here; get it.") }],
        };

        var call = session.Run("all");

        Assert.That((call.Exit, call.Error, executed), Is.EqualTo((1, "error: The model large is not here; get it.\n", 0)));
    }

    [Test]
    public void Plan_OfSeveralPapers_HasATotalThatCountsSharedRunsOnceAndSaysHowSureItIs()
    {
        using var session = new Session { Others = [new FakePaper { Name = "otherpaper" }] };

        var fresh = session.Run("plan", "--seeds", "2");
        session.Run("fakepaper");
        var later = session.Run("plan", "--seeds", "2");

        Assert.That(fresh.Output,
            Does.Contain("All 2 papers, what they share counted once: 4 runs, 0 finished, 4 to compute, about 4 min on this machine"));
        Assert.That(fresh.Lines[^1],
            Is.EqualTo("How sure: computed from a short timing of this machine; no run of the plan is finished here to check it by."));
        Assert.That(later.Lines[^1], Does.Match(@"\AHow sure: the 2 runs finished here took 0\.\d to 0\.\d times the estimate, so about "));
    }

    [Test]
    public void Plan_HundredsOfRuns_AreSummedUnlessAllAreAskedFor()
    {
        using var session = new Session();

        var short_ = session.Run("plan", "fakepaper", "--profile", "paper", "--seeds", "100");
        var all = session.Run("plan", "fakepaper", "--profile", "paper", "--seeds", "100", "--all");

        Assert.That(short_.Lines, Has.Length.LessThanOrEqualTo(23));
        Assert.That(short_.Output, Does.Match(
            @"fake +200 +0 +0 +3 h 20 min +0\.0").And.Contains("On a GPU: about 0 GPU-hours.").And.Contains("assumed, not measured"));
        Assert.That(all.Lines, Has.Length.GreaterThan(200));
    }

    [Test]
    public void Paper_Json_EveryLineIsAnObject()
    {
        using var session = new Session();

        var events = session.Run("fakepaper", "--json").Lines.Select(l => JsonDocument.Parse(l).RootElement).ToList();

        Assert.That(events.Select(e => e.GetProperty("event").GetString()), Does.Contain("begin").And.Contains("note"));
        var report = events[^1];
        Assert.That(report.GetProperty("event").GetString(), Is.EqualTo("report"));
        Assert.That(report.GetProperty("claims")[0].GetProperty("measured").GetDouble(), Is.EqualTo(1235.5));
    }

    [Test]
    public void Paper_Interrupted_ExitsWith130AndTheNextCallGoesOn()
    {
        var executed = 0;
        using var source = new CancellationTokenSource();
        using var session = new Session
        {
            Paper = new FakePaper
            {
                Executing = () =>
                {
                    if (++executed == 2)
                        source.Cancel();
                },
            },
        };

        var stopped = session.Run(source.Token, "fakepaper");
        var next = session.Run("fakepaper");

        Assert.That(stopped.Exit, Is.EqualTo(130));
        Assert.That(stopped.Error, Is.EqualTo("Stopped. Nothing that was finished is lost; the same command resumes from here.\n"));
        Assert.That(next.Exit, Is.Zero, next.Error);
        Assert.That(next.Lines[0], Does.Contain("1 finished, 1 to compute"));
        Assert.That(executed, Is.EqualTo(3));
    }

    [Test]
    public void Paper_InAnotherCulture_ComputesInTheInvariantOneAndPutsItBack()
    {
        CultureInfo? seen = null;
        using var session = new Session { Paper = new FakePaper { Executing = () => seen = CultureInfo.CurrentCulture } };
        MadeUpCulture.Run(() =>
        {
            var before = CultureInfo.CurrentCulture;
            session.Run("fakepaper");
            Assert.That(CultureInfo.CurrentCulture, Is.SameAs(before));
        });
        Assert.That(seen, Is.EqualTo(CultureInfo.InvariantCulture));
    }

    [Test]
    public void Paper_RunFails_ReportsTheRestAndExitsWith1()
    {
        using var session =
            new Session { Paper = new FakePaper { Executing = () => throw new ReplicationException("The loss is not finite.") } };

        var call = session.Run("fakepaper");

        Assert.That(call.Exit, Is.EqualTo(1));
        Assert.That(call.Error, Does.StartWith(
            "error: 2 of 2 runs failed, so the report has gaps; the first: fake run [first], seed 1 failed: The loss is not finite."));
        Assert.That(call.Output, Does.Contain("not run"));
    }

    [Test]
    public void Report_AfterARun_WritesTheSameBytesAndRunsNothing()
    {
        var executed = 0;
        using var session = new Session { Paper = new FakePaper { Executing = () => executed++ } };
        session.Run("fakepaper", "--seeds", "2");
        var page = Path.Combine(session.Local, "report.html");
        var before = File.ReadAllBytes(page);
        File.Delete(page);
        Directory.Delete(Path.Combine(session.Results, "runs"), recursive: true);

        var call = session.Run("report");

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(File.ReadAllBytes(page), Is.EqualTo(before));
        Assert.That(executed, Is.EqualTo(4));
    }

    [Test]
    public void Report_NothingThere_SaysWhatToRun()
    {
        using var session = new Session();

        var call = session.Run("report");

        Assert.That(call.Exit, Is.EqualTo(1));
        Assert.That(call.Error, Does.Contain("There are no runs to report on").And.Contains("'./reproduce.ps1 fakepaper'"));
    }

    [Test]
    public void Plan_ShowsOrderCostAndNeedsAndRunsNothing()
    {
        var executed = 0;
        using var session = new Session { Paper = new FakePaper { Executing = () => executed++ } };

        var call = session.Run("plan", "fakepaper", "--seeds", "2");

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Output, Does.Match(@"2 +fake run \[second\], seed 1 +fake +60 s +1 *\n"));
        Assert.That(call.Lines[^2], Does.Contain("4 runs, 0 finished, 4 to compute, about 4 min"));
        Assert.That(executed, Is.Zero);
        Assert.That(Directory.Exists(session.Results), Is.False);
    }

    [Test]
    public void Paper_DataCutAtALineEnd_IsWarnedOfOnceAndOnTheErrorStreamAlone()
    {
        using var folder = new TemporaryFolder();
        var data = TinyModel.WriteData(folder);
        using var session =
            new Session { Paper = new FakePaper { Reads = workspace => new TaskSelection { Task = "SST-2" }.Inputs(workspace) } };

        var run = session.Run("fakepaper", "--data", data, "--json");

        Assert.That(run.Exit, Is.Zero, run.Error);
        Assert.That(run.Error,
            Does.Match(@"\Awarning: [^\n]+train\.tsv holds 64 rows where SST-2's training set has 67349; .*\nwarning: [^\n]+dev\.tsv holds 16 rows where SST-2's dev set has 872; .*\n\z"));
        Assert.That(run.Output, Does.Not.Contain("warning"));
    }

    [Test]
    public void Plan_InputMissing_IsShownAllTheSame()
    {
        using var session =
            new Session { Paper = new FakePaper { Reads = _ => throw new ReplicationException("The model large is not here; get it.") } };

        var plan = session.Run("plan");
        var run = session.Run("fakepaper");

        Assert.That(plan.Exit, Is.Zero);
        Assert.That(plan.Output, Does.Contain("input missing").And.Contains("Missing: The model large is not here; get it."));
        Assert.That(run.Exit, Is.EqualTo(1));
        Assert.That(run.Error, Is.EqualTo("error: The model large is not here; get it.\n"));
    }

    [Test]
    public void Plan_JsonInAnotherCulture_IsTheSame()
    {
        using var session = new Session();
        var before = session.Run("plan", "--json").Output;
        MadeUpCulture.Run(() =>
        {
            Assert.That(session.Run("plan", "--json").Output, Is.EqualTo(before));
            Assert.That(session.Run("fakepaper", "--all").Output, Does.Contain("1235.5 M"));
        });
        Assert.That(JsonDocument.Parse(before).RootElement.GetProperty("runs").GetArrayLength(), Is.EqualTo(2));
    }

    [Test]
    public void Export_ReplicateNamesOneRun_CopiesItsModel()
    {
        using var session = new Session();
        session.Run("fakepaper", "--seeds", "12");
        var target = Path.Combine(session.Root, "student");

        var call = session.Run(
            "export", "fakepaper", "--seeds", "12", "--method", "fake run [second]", "--replicate", "1", "--output", target);

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(File.ReadAllText(Path.Combine(target, "config.json")), Is.EqualTo("{}"));
        Assert.That(call.Output, Does.StartWith("fake run [second], seed 1 is in "));
    }

    [Test]
    public void Export_SeveralRunsFit_ListsThem()
    {
        using var session = new Session();
        session.Run("fakepaper", "--seeds", "2");

        var call = session.Run(
            "export", "fakepaper", "--seeds", "2", "--method", "Fake Run [second]", "--output", Path.Combine(session.Root, "student"));

        Assert.That(call.Exit, Is.EqualTo(2));
        Assert.That(call.Error,
            Does.Contain("2 runs fit --method 'Fake Run [second]'; there are: fake run [second], seed 1; fake run [second], seed 2."));
    }

    [TestCase("model/config.json", "{ }", "config.json was changed after its run ended")]
    [TestCase("model/config.json", null, "config.json is missing though the run's manifest lists it")]
    [TestCase("manifest.json", "", "manifest.json, line 1: not the JSON that was expected")]
    [TestCase("result.json", null, "result.json")]
    public void Export_RunIsDamaged_SaysWhatToDeleteAndCopiesNothing(string name, string? content, string sentence)
    {
        using var session = new Session();
        session.Run("fakepaper");
        var folder = Directory.GetDirectories(Path.Combine(session.Results, "runs"), "fake-fake-run-second-*").Single();
        if (content is null)
            File.Delete(Path.Combine(folder, name));
        else
            File.WriteAllText(Path.Combine(folder, name), content);
        var target = Path.Combine(session.Root, "student");

        var call = session.Run("export", "fakepaper", "--method", "Fake Run [second]", "--output", target);

        Assert.That(call.Exit, Is.EqualTo(1));
        Assert.That(call.Error,
            Does.Contain(sentence).And.EndsWith($"; delete the folder {folder} and run the command that computes it again.\n"));
        Assert.That(target, Does.Not.Exist);
    }

    [TestCase("--table", "1")]
    [TestCase("--claim", "fake.1")]
    public void Paper_OneTableOrClaim_RunsOnlyWhatItNeedsAndIsNotThereAndKeepsOtherResults(string option, string value)
    {
        var executed = 0;
        using var session = new Session { Paper = new FakePaper { Executing = () => executed++ } };
        session.Run("fakepaper", "--seeds", "2");
        Directory.Delete(Path.Combine(session.Results, "runs"), recursive: true);
        executed = 0;

        var part = session.Run("fakepaper", "--seeds", "2", option, value);
        var again = session.Run("fakepaper", "--seeds", "2", option, value);

        Assert.Multiple(() =>
        {
            Assert.That((part.Exit, again.Exit), Is.EqualTo((0, 0)), part.Error + again.Error);
            Assert.That(part.Output, Does.Contain("2 runs, 0 finished"));
            Assert.That(again.Output, Does.Contain("2 runs, 2 finished"));
            Assert.That(executed, Is.EqualTo(2));
            Assert.That(Ledger.Read(session.Local).Runs.Select(run => run.Identity.Replicate), Is.EquivalentTo((int?[])[1, 1, 2, 2]));
        });
    }

    [Test]
    public void Plan_DeclaredRuns_HaveTheNamesThatExportTakes()
    {
        using var session = new Session { Paper = new FakePaper { Variant = "as the paper says" } };
        Assert.That(session.Run("plan", "fakepaper").Output,
            Does.Contain("as the paper says, seed 1").And.Contain("fake run [first], seed 1"));
        session.Run("fakepaper");
        var call = session.Run("export", "fakepaper", "--method", "as the paper says", "--output", Path.Combine(session.Root, "student"));
        Assert.That(call.Exit, Is.Zero, call.Error);
    }

    [Test]
    public void Paper_Continue_ComputesWhatTheLedgerLacksAndAddsIt()
    {
        using var session = new Session();
        session.Run("fakepaper", "--seeds", "2", "--update-results");
        var committed = File.ReadAllText(Path.Combine(session.Results, "fakepaper", "quick", "runs.jsonl"));
        Directory.Delete(Path.Combine(session.Results, "runs"), recursive: true);

        var done = session.Run("fakepaper", "--seeds", "2", "--threads", "3", "--continue");
        var more = session.Run("fakepaper", "--seeds", "3", "--threads", "3", "--continue");

        Assert.Multiple(() =>
        {
            Assert.That(done.Output, Does.Contain("0 runs, 0 finished, nothing is left to compute"), done.Error);
            Assert.That(more.Output, Does.Contain("2 runs, 0 finished"), more.Error);
            var ledger = Ledger.Read(session.Local);
            Assert.That(ledger.Runs.Select(run => (run.Identity.Replicate, run.Run.Manifest.Environment.Threads)).Order(),
                Is.EqualTo(((int?, int)[])
                [(1, Environment.ProcessorCount), (1, Environment.ProcessorCount), (2, Environment.ProcessorCount),
                    (2, Environment.ProcessorCount), (3, 3), (3, 3)]));
            Assert.That(File.ReadAllText(Path.Combine(session.Results, "fakepaper", "quick", "runs.jsonl")), Is.EqualTo(committed));
            Assert.That(session.Run("fakepaper", "--seeds", "2", "--threads", "3").Output, Does.Contain("4 runs, 0 finished"));
        });
    }

    [TestCase("fake run [second]", "error: The run 'fake run [second], seed 1' was computed with 3 threads; add --threads 3.\n")]
    [TestCase("third",
        "error: No trained model of fakepaper, profile quick, is on this machine; run './reproduce.ps1 fakepaper --profile quick' "
        + "first.\n")]
    public void Export_ComputedWithOtherThreads_SaysSo(string method, string error)
    {
        using var session = new Session();
        session.Run("fakepaper", "--threads", "3");

        var call = session.Run(
            "export", "fakepaper", "--method", method, "--threads", "1", "--output", Path.Combine(session.Root, "student"));

        Assert.That((call.Exit, call.Error), Is.EqualTo((1, error)));
    }

    [TestCase("cuda", 2, "2.10.0", "was computed on cuda with 2 threads; add --device cuda --profile quick --threads 2.")]
    [TestCase("cpu", 1, "2.9.0",
        "was computed with 1 thread and libtorch 2.9.0, where there is 2.10.0 now; run './reproduce.ps1 fakepaper --profile quick' to "
        + "compute it again.")]
    public void OtherEnvironment_Explain_SaysWhatDiffersAndWhatToDo(string device, int threads, string libtorch, string sentence)
    {
        using var bench = new RunBench();
        var here = bench.Workspace.Environment;
        var there = bench.Workspace with { Environment = here with { Device = device, Threads = threads, Libtorch = libtorch } };
        var request = new ExperimentRequest { Profile = Profile.Quick };
        new RunExecutor(there, new RunStore(there), bench.Progress, new ExecutorOptions { Commit = _ => null, Machine = "a machine" })
            .Run(new FakeRun(1), CancellationToken.None);

        Assert.That(OtherEnvironment.Explain(bench.Store, [new FakeRun(1)], here, request, new FakePaper()),
            Is.EqualTo($"The run 'fake run [first], seed 1' {sentence}"));
        Assert.That(OtherEnvironment.Explain(bench.Store, [new FakeRun(2)], here, request, new FakePaper()), Is.Null);
    }

    [Test]
    public void Export_RunWroteNoModel_DoesNotCount()
    {
        using var session = new Session { Paper = new FakePaper { Writes = "augmented.parquet" } };
        session.Run("fakepaper");

        var call = session.Run("export", "fakepaper", "--method", "Fake Run [second]", "--output", Path.Combine(session.Root, "student"));

        Assert.That(call.Exit, Is.EqualTo(1));
        Assert.That(call.Error, Does.Contain("No trained model of fakepaper"));
    }

    [Test]
    public void Export_FolderHoldsSomethingElse_IsRefused()
    {
        using var session = new Session();
        File.WriteAllText(Path.Combine(session.Root, "thesis.tex"), "");

        var call = session.Run("export", "fakepaper", "--output", session.Root);

        Assert.That(call.Exit, Is.EqualTo(2));
        Assert.That(call.Error, Does.Contain(", no part of a model; name a new or empty folder"));
    }

    private static string Threads() => Environment.ProcessorCount == 1 ? "1 thread" : $"{Environment.ProcessorCount} threads";
}
