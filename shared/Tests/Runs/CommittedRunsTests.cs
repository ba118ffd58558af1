using Replication.CommandLine;
using Replication.Runs;

namespace Replication.Tests.Runs;

/// <summary>runs diff over the evidence that is committed.</summary>
public sealed class CommittedRunsTests
{
    private static readonly IEnumerable<string> Ledgers = Ledger.Folders(Path.Combine(RepositoryRoot.Find(), "results"), depth: 2)
        .Where(folder => !Path.GetRelativePath(RepositoryRoot.Find(), folder).Contains("local", StringComparison.Ordinal));

    [TestCaseSource(nameof(Ledgers))]
    public void Between_RunsOfALedger_TellsThemApartAndEachIsEqualToItself(string ledger)
    {
        var lookup = new RunLookup(Path.Combine(ledger, "none"), [ledger]);
        var runs = Ledger.Read(ledger).Runs.Select(run => lookup.Find(run.Run.Manifest.Key[..RunKey.ShortLength])).Take(3).ToList();

        Assert.That(runs, Is.Not.Empty);
        foreach (var run in runs)
            Assert.That(RunDifference.Between(run, run), Is.Empty);
        foreach (var (first, second) in runs.Zip(runs.Skip(1)))
            Assert.That(RunDifference.Between(first, second).Select(difference => difference.Part), Does.Contain("recipe"),
                $"{first.Manifest.Label}, {second.Manifest.Label}");
    }

    [Test]
    public void Between_TwoStudentsOfPatientKd_IsTheirLossAndTheirScore()
    {
        var runs = Ledger.Read(Path.Combine(RepositoryRoot.Find(), "results", "patientkd", "quick")).Runs.Select(run => run.Run).ToList();
        FinishedRun Named(string word) => runs.Single(run => run.Manifest.Label.Contains(word, StringComparison.Ordinal));

        var differences = RunDifference.Between(Named("PKD-Skip"), Named("PKD-Last"));

        Assert.That(differences.Select(difference => difference.Part), Does.Contain("score"));
        Assert.That(differences.Where(difference => difference.Part == "recipe").Select(difference => difference.Name),
            Is.EqualTo(new[] { "map.name", "map.pairs" }));
        Assert.That(differences.Select(difference => difference.Part), Has.None.EqualTo("data"));
    }
}
