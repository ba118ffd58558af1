using Replication.Runs;

namespace Replication.Tests.CommandLine;

public sealed class RunsCurvesVerbTests
{
    [Test]
    public void Curves_TwoRuns_AreOnOnePageDrawnAndAsText()
    {
        using var session = new Session();
        var keys = Runs(
            session,
            "{\"step\":1,\"loss\":2.5,\"epoch\":0.5}\n{\"step\":2,\"loss\":1.5}\n"
                + "{\"step\":2,\"split\":\"dev\",\"accuracy\":0.75}\n");

        var call = session.Run(["runs", "curves", .. keys, "--output", Path.Combine(session.Results, "page")]);

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Lines[^1], Does.StartWith("2 curves of 2 runs are in ").And.EndsWith("curves.csv beside it has all numbers."));
        var page = File.ReadAllText(Path.Combine(session.Results, "page", "curves.html"));
        Assert.That(page, Does.Contain(
            "<svg").And.Contain("tabindex=\"0\"").And.Contain("role=\"region\"").And.Contain("loss, train").And.Contain("accuracy, dev"));
        Assert.That(page, Does.Contain(keys[0]).And.Contain(keys[1]).And.Contain("href=\"curves.csv\"").And.Not.Contain("epoch,"));
        var data = File.ReadAllLines(Path.Combine(session.Results, "page", "curves.csv"));
        Assert.That(data[0], Is.EqualTo("curve,run,step,value"));
        Assert.That(data, Has.Length.EqualTo(1 + (2 * 3)));
        Assert.That(data.Count(
            line => line.Contains(keys[0], StringComparison.Ordinal) && line.EndsWith(",1,2.5", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public void Curves_CalledTwice_GivesTheSameBytes()
    {
        using var session = new Session();
        var keys = Runs(session, "{\"step\":1,\"loss\":2.5}\n{\"step\":2,\"loss\":1.5}\n");
        string Page(string folder)
        {
            session.Run(["runs", "curves", .. keys, "--output", Path.Combine(session.Results, folder)]);
            return File.ReadAllText(Path.Combine(session.Results, folder, "curves.html"));
        }

        Assert.That(Page("second"), Is.EqualTo(Page("first")));
    }

    [Test]
    public void Curves_RunsThatNotedNothing_AreRefusedInOneSentence()
    {
        using var session = new Session();
        var keys = Runs(session, null);

        var call = session.Run(["runs", "curves", .. keys]);

        Assert.That(call.Exit, Is.EqualTo(2));
        Assert.That(call.Error, Does.Match(@"\Aerror: None of these runs noted anything while it computed: [^\n]+\n\z"));
    }

    private static string[] Runs(Session session, string? metrics)
    {
        session.Run("fakepaper");
        var runs = RunInventory.Of(Path.Combine(session.Results, "runs")).Take(2).ToList();
        foreach (var run in runs)
        {
            var path = Path.Combine(run.Path, MetricsWriter.FileName);
            File.Delete(path);
            if (metrics is not null)
                File.WriteAllText(path, metrics);
        }
        return [.. runs.Select(run => RunStore.Open(run.Path).Manifest.Key[..12])];
    }
}
