using Replication.Claims;
using Replication.Studies;

namespace Replication.Tests.Studies;

/// <summary>Scores of GLUE's server that a user brings.</summary>
public sealed class ServerScoresTests
{
    private static readonly IReadOnlyList<ClaimOutcome> Claims =
    [
        Claim("pkd.table-1.a", "A scores 90.0 (acc) on SST-2, GLUE's test server.", 90),
        Claim("pkd.table-1.b", "B scores 80.0 (acc) on RTE, GLUE's test server.", 80),
        Claim("pkd.dev.c", "C scores 70.0 (acc) on RTE, dev.", 70),
    ];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Prepare() => _folder = new TemporaryFolder();

    [TearDown]
    public void CleanUp() => _folder.Dispose();

    [Test]
    public void Judge_ScoresOfTheServer_AreHeldAgainstThePublishedOnes()
    {
        var outcomes = Judge("claim,score\npkd.table-1.b,77.5\npkd.table-1.a,90.9\n");
        Assert.That(outcomes.Select(o => (o.Claim.Id, o.Verdict)),
            Is.EqualTo(new[] { ("pkd.table-1.a", Verdict.Reproduced), ("pkd.table-1.b", Verdict.Below) }));
        Assert.That(outcomes[0].Measured!.Signature, Is.EqualTo("GLUE's test server | scores.csv, as handed in by its user"));
    }

    [Test]
    public void Judge_SeveralRunsOfAClaim_AreTheirMeanWithATolerancesFromTheirSpread()
    {
        var outcome = Judge("claim,score\npkd.table-1.a,91\npkd.table-1.a,93\npkd.table-1.a,92\n").Single();
        Assert.That((outcome.Measured!.Value, outcome.Measured.Spread), Is.EqualTo((92.0, (double?)1.0)));
        Assert.That(outcome.Claim.Tolerance!.Value, Is.EqualTo(2 * Math.Sqrt(4.0 / 3)).Within(1e-12));
    }

    [TestCase("claim,score\npkd.dev.c,70\n", "line 2, column 'claim': 'pkd.dev.c'")]
    [TestCase("claim,score\npkd.table-1.a,seventy\n", "line 2, column 'score': 'seventy'")]
    [TestCase("claim,score\npkd.table-1.a,700\n", "a score in %")]
    [TestCase("claim\npkd.table-1.a\n", "the column 'score' is missing")]
    public void Judge_AFileThatCannotBeUsed_IsRefusedWithItsPlace(string text, string words) =>
        Assert.That(() => Judge(text), Throws.TypeOf<ReplicationException>().With.Message.Contains(words));

    [Test]
    public void Judge_NoFile_SaysSo() =>
        Assert.That(() => ServerScores.Judge(_folder.File("none.csv"), Claims),
            Throws.TypeOf<ReplicationException>().With.Message.StartsWith("Cannot read"));

    private IReadOnlyList<ClaimOutcome> Judge(string text) => ServerScores.Judge(_folder.Write("scores.csv", text), Claims);

    private static ClaimOutcome Claim(string id, string statement, double published) => VerdictRule.NotRun(
        new Claim { Id = id, Paper = "PKD", Table = "Table 1", Kind = ClaimKind.Score, Statement = statement, Published = published,
            Unit = "%", Tolerance = new Tolerance(1, false, "none") }, "Needs it.");
}
