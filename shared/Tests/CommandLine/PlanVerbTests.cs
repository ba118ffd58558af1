using System.Text.Json;

namespace Replication.Tests.CommandLine;

public sealed class PlanVerbTests
{
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
            @"fake +200 +0 +0 +3 h 20 min +0\.0")
            .And.Contains("On a GPU: about 0.0 GPU-hours, on a consumer's about 0.0.").And.Contains("assumed, not measured"));
        Assert.That(all.Lines, Has.Length.GreaterThan(200));
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

    [TestCase("plan", "fakepaper")]
    [TestCase("fakepaper")]
    public void Plan_Interrupted_LooksNoMoreRunsUp(params string[] words)
    {
        var looked = 0;
        using var stop = new CancellationTokenSource();
        using var session = new Session
        {
            Paper = new FakePaper
            {
                Reads = _ =>
                {
                    looked++;
                    stop.Cancel();
                    return [];
                },
            },
        };

        var call = session.Run(stop.Token, [.. words, "--seeds", "100"]);

        Assert.That((call.Exit, looked), Is.EqualTo((130, 1)), call.Error);
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
    public void Plan_DeclaredRuns_HaveTheNamesThatExportTakes()
    {
        using var session = new Session { Paper = new FakePaper { Variant = "as the paper says" } };
        Assert.That(session.Run("plan", "fakepaper").Output,
            Does.Contain("as the paper says, seed 1").And.Contain("fake run [first], seed 1"));
        session.Run("fakepaper");
        var call = session.Run("export", "fakepaper", "--method", "as the paper says", "--output", Path.Combine(session.Root, "student"));
        Assert.That(call.Exit, Is.Zero, call.Error);
    }
}
