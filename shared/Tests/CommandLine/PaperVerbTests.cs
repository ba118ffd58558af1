using System.Globalization;
using System.Text.Json;
using Replication.Runs;
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
    public void Paper_DataCutAtALineEnd_IsWarnedOfOnceAndOnTheErrorStreamAlone()
    {
        using var folder = new TemporaryFolder();
        var data = TinyModel.WriteData(folder);
        using var session =
            new Session { Paper = new FakePaper { Reads = workspace => new TaskSelection { Task = "SST-2" }.Inputs(workspace) } };

        var run = session.Run("fakepaper", "--data", data, "--json");

        Assert.That(run.Exit, Is.Zero, run.Error);
        Assert.That(run.Error,
            Does.Match(@"\Awarning: [^\n]+train\.tsv holds 64 rows where SST-2's training set has 67349; .*\n"
                + @"warning: [^\n]+dev\.tsv holds 16 rows where SST-2's dev set has 872; .*\n\z"));
        Assert.That(run.Output, Does.Not.Contain("warning"));
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
    public void Paper_Continue_ComputesWhatTheLedgerLacksAndAddsIt()
    {
        using var session = new Session();
        session.Run("fakepaper", "--seeds", "2", "--update-results");
        var committed = Digest.OfFile(Path.Combine(session.Results, "fakepaper", "quick", "runs.jsonl.gz"));
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
            Assert.That(Digest.OfFile(Path.Combine(session.Results, "fakepaper", "quick", "runs.jsonl.gz")), Is.EqualTo(committed));
            Assert.That(session.Run("fakepaper", "--seeds", "2", "--threads", "3").Output, Does.Contain("4 runs, 0 finished"));
        });
    }

    [Test]
    public void Paper_ContinueWithTheLedgerOfAnotherMachine_BringsBothTogetherAndComputesNothing()
    {
        var executed = 0;
        using var session = new Session { Paper = new FakePaper { Executing = () => executed++ } };
        session.Run("fakepaper", "--seeds", "1", "--update-results");
        using var other = new Session();
        other.Run("fakepaper", "--seeds", "2");
        Ledger.Write(session.Local, Ledger.Read(other.Local).Runs.Where(run => run.Identity.Replicate == 2));
        executed = 0;

        var call = session.Run("fakepaper", "--seeds", "2", "--continue");

        Assert.That((call.Exit, executed), Is.EqualTo((0, 0)), call.Error);
        Assert.That(Ledger.Read(session.Local).Runs.Select(run => run.Identity.Replicate), Is.EquivalentTo((int?[])[1, 1, 2, 2]));
    }

    private static string Threads() => Environment.ProcessorCount == 1 ? "1 thread" : $"{Environment.ProcessorCount} threads";
}
