namespace Replication.Tests.CommandLine;

public sealed class ReportVerbTests
{
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
}
