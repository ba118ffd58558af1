using Replication.Claims;
using Replication.CommandLine;
using Replication.Glue;
using Replication.Papers;
using Replication.Reporting;
using Replication.Runs;

namespace Replication.DynaBERT.Tests;

/// <summary>What the repository last measured: each claim is a test, and evidence that the source has outgrown fails.</summary>
[Category("Claims")]
public sealed class CommittedResultsTests
{
    private static string Folder(Profile profile) => Path.Combine(RepositoryRoot.Find(), "results", "dynabert", profile.ToString().ToLowerInvariant());

    private static IEnumerable<TestCaseData> Claims()
    {
        foreach (var profile in Enum.GetValues<Profile>().Where(profile => File.Exists(Path.Combine(Folder(profile), ReportFiles.Claims))))
        {
            foreach (var outcome in ClaimsTable.Read(Path.Combine(Folder(profile), ReportFiles.Claims)))
                yield return new TestCaseData(outcome).SetArgDisplayNames(profile.ToString(), outcome.Claim.Id);
        }
    }

    [TestCaseSource(nameof(Claims))]
    public void Claim_AsCommitted_Holds(ClaimOutcome outcome)
    {
        var sentence = $"{outcome.Claim.Statement} {VerdictWords.Of(outcome.Verdict)}: {outcome.Reason}";
        switch (Standings.Of(outcome))
        {
            case Standing.Passes:
                Assert.Pass(sentence);
                break;
            case Standing.Warns:
                Assert.Warn($"{sentence} Finding: {outcome.Claim.Finding}");
                break;
            case Standing.Skipped:
                Assert.Ignore(sentence);
                break;
            default:
                Assert.Fail(sentence);
                break;
        }
    }

    [Test]
    public void Evidence_AsCommitted_IsOfThePresentSource([Values(Profile.Quick, Profile.Small, Profile.Paper)] Profile profile)
    {
        var runs = Path.Combine(Folder(profile), "runs");
        if (!Directory.Exists(runs))
            Assert.Ignore($"No results of the {profile} profile are committed.");
        var declared = Experiments.Of(new ExperimentRequest { Profile = profile }).All();
        Assert.That(Evidence.Stale(declared, runs, Pinned).Select(stale => $"{stale.Subject}: {stale.Reason}"), Is.Empty);
    }

    // Digests of what this repository ships or pins, by the names that runs give their inputs.
    private static string? Pinned(string input)
    {
        if (ModelCatalog.Known.FirstOrDefault(model => model.Name == input) is { } known)
            return known.Sha256;
        return GlueCatalog.Entries.FirstOrDefault(entry => $"{entry.Task}/{entry.Split}" == input)?.Sha256;
    }
}
