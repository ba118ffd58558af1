using System.Text.Json;
using Replication.Runs;

namespace Replication.Tests.CommandLine;

public sealed class RunsVerbTests
{
    [Test]
    public void Runs_OfEveryState_AreListedWithSizeAgeAndState()
    {
        using var session = WithRuns();

        var call = session.Run("runs");

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Output, Does.Match(@"fake run \[second\], seed 1 +finished +\d+ kB +\d+ days"));
        Assert.That(call.Output, Does.Match(@"fake-stopped-0123456789ab +stopped +2 kB").And.Match("fake-damaged-0123456789ab +damaged"));
        Assert.That(call.Lines[^1], Does.Match(@"\A4 runs, \d+ kB in .*runs; \d+ kB in .*cache, which can be computed again\.\z"));
    }

    [Test]
    public void Clean_WithoutYes_ShowsAndDeletesNothing()
    {
        using var session = WithRuns();
        var before = Directory.GetFiles(session.Results, "*", SearchOption.AllDirectories);

        var call = session.Run("runs", "clean");

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Lines[^1], Does.StartWith("Would delete 2 runs and ").And.EndsWith("; add --yes to do it."));
        Assert.That(call.Output, Does.Not.Contain("finished"));
        Assert.That(Directory.GetFiles(session.Results, "*", SearchOption.AllDirectories), Is.EquivalentTo(before));
    }

    [Test]
    public void Clean_Yes_DeletesWhatWasShownAndKeepsFinishedRuns()
    {
        using var session = WithRuns();

        var call = session.Run("runs", "clean", "--yes");

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(Directory.GetDirectories(Path.Combine(session.Results, "runs")), Has.Length.EqualTo(2));
        Assert.That(Path.Combine(session.Results, "cache"), Does.Not.Exist);
        Assert.That(session.Run("plan").Output, Does.Contain("2 finished"));
    }

    [Test]
    public void Clean_FinishedByName_DeletesThatOneAlone()
    {
        using var session = WithRuns();

        session.Run("runs", "clean", "--finished", "--yes", "[second]");

        Assert.That(session.Run("runs").Output,
            Does.Contain("fake run [first]").And.Not.Contains("fake run [second]").And.Contains("stopped"));
        Assert.That(Path.Combine(session.Results, "cache"), Does.Exist);
    }

    [Test]
    public void Clean_RunIsComputed_StaysWhateverIsAsked()
    {
        using var session = WithRuns();
        using var held = FolderLock.Acquire(
            Path.Combine(session.Results, "runs", "fake-stopped-0123456789ab"), "The run", TimeSpan.Zero, null, TimeProvider.System,
            CancellationToken.None);

        Assert.That(session.Run("runs").Output, Does.Match("fake-stopped-0123456789ab +running"));
        session.Run("runs", "clean", "--finished", "--yes");

        Assert.That(Directory.GetDirectories(Path.Combine(session.Results, "runs")), Has.Length.EqualTo(1));
        Assert.That(Path.Combine(session.Results, "cache"), Does.Exist);
    }

    [Test]
    public void Clean_OlderThan_LeavesWhatIsYounger()
    {
        using var session = WithRuns();

        Assert.That(session.Run("runs", "clean", "--older-than", "100000").Lines[^1], Is.EqualTo("There is nothing to delete."));
        Assert.That(session.Run("runs", "clean", "--older-than", "1").Lines[^1], Does.StartWith("Would delete 2 runs, "));
    }

    [Test]
    public void Runs_NothingThere_SaysSo()
    {
        using var session = new Session();

        Assert.That(session.Run("runs").Lines[^1], Does.StartWith("0 runs, 0 kB in "));
        Assert.That(session.Run("runs", "clean", "--yes").Exit, Is.Zero);
    }

    [Test]
    public void Runs_Json_EveryLineIsAnObject()
    {
        using var session = WithRuns();

        var events = session.Run("runs", "--json").Lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();

        Assert.That(events.Select(e => e.GetProperty("event").GetString()),
            Is.EqualTo((string[])["run", "run", "run", "run", "runs-total"]));
        Assert.That(events.SkipLast(1).Select(e => e.GetProperty("state").GetString()),
            Is.EquivalentTo((string[])["finished", "finished", "stopped", "damaged"]));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Runs_PutElsewhere_AreComputedAndListedThere(bool byOption)
    {
        using var session = new Session();
        using var elsewhere = new TemporaryFolder();
        string[] words = [];
        if (byOption)
            words = ["--runs", elsewhere.Path];
        else
            session.Variables["REPLICATION_RUNS"] = elsewhere.Path;

        var run = session.Run(["fakepaper", .. words]);

        Assert.That(run.Exit, Is.Zero, run.Error);
        Assert.That(Path.Combine(session.Results, "runs"), Does.Not.Exist);
        Assert.That(Path.Combine(session.Results, "cache"), Does.Not.Exist);
        Assert.That(session.Run(["runs", .. words]).Lines[^1], Does.StartWith($"2 runs, ").And.Contains(elsewhere.Path));
        Assert.That(session.Run(["plan", .. words]).Output, Does.Contain("2 finished"));
    }

    // Two finished runs, one that was stopped, one whose manifest is no JSON, and a cache. The clock is in 2026.
    private static Session WithRuns()
    {
        var session = new Session();
        session.Run("fakepaper");
        var runs = Path.Combine(session.Results, "runs");
        foreach (var name in (string[])["fake-stopped-0123456789ab", "fake-damaged-0123456789ab"])
            Directory.CreateDirectory(Path.Combine(runs, name));
        File.WriteAllBytes(Path.Combine(runs, "fake-stopped-0123456789ab", "metrics.jsonl"), new byte[2000]);
        File.WriteAllText(Path.Combine(runs, "fake-damaged-0123456789ab", "manifest.json"), "{");
        Directory.CreateDirectory(Path.Combine(session.Results, "cache"));
        File.WriteAllBytes(Path.Combine(session.Results, "cache", "teacher"), new byte[5000]);
        foreach (var file in Directory.GetFiles(session.Results, "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, new DateTime(2025, 12, 1, 0, 0, 0, DateTimeKind.Utc));
        return session;
    }
}
