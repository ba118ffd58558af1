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

    // Made once a profile, from the ledger alone.
    private static readonly Dictionary<Profile, Lazy<PaperReport>> Reports = Committed.ToDictionary(
        profile => profile, profile => new Lazy<PaperReport>(
        () => Paper.Report(Request(profile), Ledger.Read(Folder(profile)).Find)));

    private static IEnumerable<TestCaseData> Claims() =>
        from profile in Committed
        from outcome in ClaimsTable.Read(Path.Combine(Folder(profile), ReportFiles.Claims))
        select new TestCaseData(profile, outcome).SetArgDisplayNames(profile.ToString(), outcome.Claim.Id);

    [TestCaseSource(nameof(Claims))]
    public void Claim_AsCommitted_FollowsFromTheLedgerAndHolds(Profile profile, ClaimOutcome outcome)
    {
        var now = Reports[profile].Value.Claims.SingleOrDefault(other => other.Claim.Id == outcome.Claim.Id);
        Assert.That(
            ClaimsTable.Text([outcome]), Is.EqualTo(now is null ? "no such claim" : ClaimsTable.Text([now])),
            "The ledger says otherwise; make it again with 'report --update-results'.");
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
    public void Ledger_AsCommitted_IsOfThePresentSource(Profile profile)
    {
        var declared = Paper.Declared(Request(profile));
        var optional = declared.Where(run => run.IsOptional).Select(run => run.Spec.SpecKey()).ToHashSet(StringComparer.Ordinal);
        var stale = LedgerCheck.Stale(declared.Select(run => run.Spec), Ledger.Read(Folder(profile)), Pinned, optional);
        Assert.That(stale.Select(run => $"{run.Subject}: {run.Reason}"), Is.Empty);
    }

    [TestCaseSource(nameof(Committed))]
    public void Claims_AsCommitted_AreAllOfTheReport(Profile profile) => Assert.That(
        ClaimsTable.Read(Path.Combine(Folder(profile), ReportFiles.Claims)).Select(outcome => outcome.Claim.Id),
        Is.EqualTo(Reports[profile].Value.Claims.Select(outcome => outcome.Claim.Id)));

    [TestCaseSource(nameof(Committed))]
    public void Tables_AsCommitted_FollowFromTheLedger(Profile profile)
    {
        var tables = Reports[profile].Value.Tables.ToDictionary(table => $"{table.Id}.csv", TableText.Csv, StringComparer.Ordinal);
        var committed = Directory.GetFiles(Path.Combine(Folder(profile), ReportFiles.Tables))
            .ToDictionary(file => Path.GetFileName(file), File.ReadAllText, StringComparer.Ordinal);
        Assert.That(committed, Is.EquivalentTo(tables));
    }

    private static string SmokeFolder => Path.Combine(RepositoryRoot.Find(), "results", Paper.Name, "smoke");

    private static IEnumerable<string> SmokeRecords => !Directory.Exists(SmokeFolder) ? []
        : Directory.GetFiles(SmokeFolder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(SmokeRecords))]
    public void Smoke_AsCommitted_IsOfThePresentSource(string file)
    {
        var record = Json.Read<SmokeRecord>(Path.Combine(SmokeFolder, file));
        Assert.That(
            record.Runs.Select(run => $"{run.Label}: {run.SpecKey}"),
            Is.EqualTo(Paper.Smoke(record.Model, record.Precision).Select(spec => $"{spec.Describe()}: {spec.SpecKey()}")),
            "A run of the smoke test has changed; make the record again with 'smoke --update-results'.");
        Assert.That(record.Runs.All(run => run.SameBytes), "a run that was stopped ended with other bytes");
    }

    private static ExperimentRequest Request(Profile profile) =>
        Json.Read<ExperimentRequest>(Path.Combine(Folder(profile), "request.json"));

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
