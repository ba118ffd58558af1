using Replication.Claims;
using Replication.CommandLine;
using Replication.Corpus;
using Replication.Glue;
using Replication.Reporting;
using Replication.Runs;
using Replication.Studies;

namespace Replication.Tests.Studies;

/// <summary>
/// What the repository last measured of a paper: each claim is a test, and evidence that the source has outgrown fails.
/// Compiled into each paper's tests.
/// </summary>
[Category("Claims")]
public abstract class CommittedResults<TPaper>
    where TPaper : IPaper, new()
{
    private static readonly TPaper Paper = new();

    private static IEnumerable<Profile> Committed =>
        Enum.GetValues<Profile>().Where(profile => File.Exists(Path.Combine(Folder(profile), ReportFiles.Claims)));

    private static IEnumerable<TestCaseData> Claims() =>
        from profile in Committed
        from outcome in ClaimsTable.Read(Path.Combine(Folder(profile), ReportFiles.Claims))
        select new TestCaseData(outcome).SetArgDisplayNames(profile.ToString(), outcome.Claim.Id);

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

    [TestCaseSource(nameof(Committed))]
    public void Evidence_AsCommitted_IsOfThePresentSource(Profile profile)
    {
        var request = Json.Read<ExperimentRequest>(Path.Combine(Folder(profile), "request.json"));
        var stale = Evidence.Stale(Paper.Experiments(request), Path.Combine(Folder(profile), "runs"), Pinned);
        Assert.That(stale.Select(run => $"{run.Subject}: {run.Reason}"), Is.Empty);
    }

    private static string Folder(Profile profile) =>
        Path.Combine(RepositoryRoot.Find(), "results", Paper.Name, profile.ToString().ToLowerInvariant());

    // Digests of what this repository ships or pins, by the names that runs give their inputs.
    private static string? Pinned(string input)
    {
        if (input == $"corpus/{CorpusSource.EmbeddedName}")
            return Digest.OfFile(Path.Combine(RepositoryRoot.Find(), "data", "corpus", "open.txt.gz"));
        if (ModelCatalog.Known.FirstOrDefault(model => model.Name == input) is { } known)
            return known.Sha256;
        return GlueCatalog.Entries.FirstOrDefault(entry => $"{entry.Task}/{entry.Split}" == input)?.Sha256;
    }
}
