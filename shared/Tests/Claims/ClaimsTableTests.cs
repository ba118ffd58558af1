using Replication.Claims;
using static Replication.Tests.Claims.ClaimSamples;

namespace Replication.Tests.Claims;

[NonParallelizable]
public sealed class ClaimsTableTests
{
    private static IReadOnlyList<ClaimOutcome> Outcomes =>
    [
        VerdictRule.Against(
            Of(ClaimKind.Score, 93.5, Within(1.25)) with { Finding = "Found twice;\nsee the page" }, Measured(84.036697247706421)),
        VerdictRule.Against(Of(ClaimKind.Speed, 1.94, Within(0.25, relative: true)), new Measurement(1.8, null, [], "128 x 128")),
        VerdictRule.NotRun(Of(ClaimKind.Order) with { Confidence = Confidence.Memory, Statement = "=1+1 ; ; τ² über" }, "Needs RACE."),
        OrderOf(Of(ClaimKind.Order), -1e-7, 1e-7, 2e-7),
    ];

    [TestCase("")]
    [TestCase("de-DE")]
    [TestCase("ar-SA")]
    [TestCase("fa-IR")]
    [TestCase("tr-TR")]
    [TestCase("sv-SE")]
    public void WriteThenRead_AnyCulture_IsTheSame(string culture)
    {
        var before = Thread.CurrentThread.CurrentCulture;
        var path = Path.Combine(Directory.CreateTempSubdirectory("claims-").FullName, "claims.csv");
        var invariant = ClaimsTable.Text(Outcomes);
        try
        {
            Thread.CurrentThread.CurrentCulture = new System.Globalization.CultureInfo(culture);
            ClaimsTable.Write(path, Outcomes);
            Assert.That(File.ReadAllText(path), Is.EqualTo(invariant));
            var read = ClaimsTable.Read(path);
            Assert.That(ClaimsTable.Text(read), Is.EqualTo(invariant));
            Assert.That(read.Select(r => r.Claim), Is.EqualTo(Outcomes.Select(o => o.Claim)));
            Assert.That(read.Select(r => (r.Verdict, r.Reason)), Is.EqualTo(Outcomes.Select(o => (o.Verdict, o.Reason))));
            Assert.That(read.Select(r => r.Measured?.Value), Is.EqualTo(Outcomes.Select(o => o.Measured?.Value)));
            Assert.That(read[0].Measured!.Replicates, Is.EqualTo(new[] { 1, 2, 3 }));
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    [TestCase(",not run,", ",never run,", "column 'verdict': 'never run'")]
    [TestCase("0.25 of the published gain", "a quarter", "column 'tolerance': 'a quarter'")]
    [TestCase("1 2 3", "1 to 3", "column 'seeds': '1 to 3'")]
    [TestCase(",93.5,", ",\"93,5\",", "column 'published': '93,5'")]
    public void Read_BadField_NamesIt(string good, string bad, string expected)
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"claims-{Guid.NewGuid():N}.csv");
        var text = ClaimsTable.Text(Outcomes);
        File.WriteAllText(path, text.Replace(good, bad, StringComparison.Ordinal));
        try
        {
            Assert.That(Assert.Throws<ReplicationException>(() => ClaimsTable.Read(path))!.Message,
                Does.Contain(expected).And.Contain(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void Read_Missing_Throws() => Assert.Throws<ReplicationException>(() => ClaimsTable.Read("/nowhere/claims.csv"));
}
