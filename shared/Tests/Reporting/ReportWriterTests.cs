using System.Globalization;
using Replication.Reporting;
using Replication.Studies;

namespace Replication.Tests.Reporting;

[NonParallelizable]
public sealed class ReportWriterTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("report-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Write_TwiceInOtherCultureAndFolder_GivesTheSameBytes()
    {
        var (first, second) = (Path.Combine(_folder, "a"), Path.Combine(_folder, "b"));
        ReportWriter.Write(SampleReport.Create(), first);
        var before = Thread.CurrentThread.CurrentCulture;
        try
        {
            Thread.CurrentThread.CurrentCulture = new CultureInfo("de-DE");
            ReportWriter.Write(SampleReport.Create(), second);
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
        Assert.That(Files(second), Is.EqualTo(Files(first)));
        foreach (var file in Files(first))
            Assert.That(File.ReadAllBytes(Path.Combine(second, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(first, file))),
                Is.True, file);
    }

    [Test]
    public void Write_Sample_HasEveryFile()
    {
        ReportWriter.Write(SampleReport.Create(), _folder);
        string[] expected =
        [
            "claims.csv", "figures.html", "report.html", "report.md",
            .. from id in new[] { "figure-2", "figure-3", "figure-4", "figure-5", "orders" } select $"figures/{id}.svg",
            "tables/table-1.csv", "tables/table-4.csv",
        ];
        Assert.That(Files(_folder), Is.EquivalentTo(expected));
    }

    [Test]
    public void Write_FigureAndTableGone_RemovesTheirFilesAndNoOthers()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "runs"));
        File.WriteAllText(Path.Combine(_folder, "runs", "manifest.json"), "{}");
        File.WriteAllText(Path.Combine(_folder, "notes.txt"), "mine");
        var report = SampleReport.Create();
        ReportWriter.Write(report, _folder);
        ReportWriter.Write(report with { Tables = [report.Tables[0]], Figures = [] }, _folder);
        Assert.That(Files(_folder), Is.EquivalentTo(new[]
        {
            "claims.csv", "figures/orders.svg", "notes.txt", "report.html", "report.md", "runs/manifest.json", "tables/table-1.csv",
        }));
    }

    [Test]
    public void Write_NothingChanged_LeavesFilesAlone()
    {
        ReportWriter.Write(SampleReport.Create() with { Figures = [] }, _folder);
        var page = Path.Combine(_folder, "report.html");
        var old = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(page, old);
        ReportWriter.Write(SampleReport.Create() with { Figures = [] }, _folder);
        Assert.That(File.GetLastWriteTimeUtc(page), Is.EqualTo(old));
    }

    [Test]
    public void Write_SharedFolder_HoldsPlotlyOnceAndPagesPointToIt()
    {
        ReportWriter.Write(SampleReport.Create(), Path.Combine(_folder, "pkd", "small"), _folder);
        var page = File.ReadAllText(Path.Combine(_folder, "pkd", "small", "figures.html"));
        Assert.That(page, Has.Length.LessThan(100_000).And.Contains("src=\"../../plotly-cartesian-2.35.3.min.js\""));
        Assert.That(File.Exists(Path.Combine(_folder, "plotly-cartesian-2.35.3.min.js")), Is.True);
    }

    [Test]
    public void Write_TwoPartsWithOneId_Throws()
    {
        var report = SampleReport.Create();
        Assert.Throws<ArgumentException>(() => ReportWriter.Write(report with { Tables = [report.Tables[0], report.Tables[0]] }, _folder));
    }

    [TestCase("../escape")]
    [TestCase("")]
    public void Write_IdIsNoFileName_Throws(string id)
    {
        var report = SampleReport.Create();
        Assert.Throws<ArgumentException>(() => ReportWriter.Write(report with { Tables = [report.Tables[0] with { Id = id }] }, _folder));
    }

    [Test]
    public void Write_RowTooShort_Throws()
    {
        var report = SampleReport.Create();
        var table = report.Tables[1] with { Rows = [[new Cell("alone")]] };
        Assert.That(Assert.Throws<ArgumentException>(() => ReportWriter.Write(report with { Tables = [table] }, _folder))!.Message,
            Does.Contain("row 1 has 1 cells for 5 headings"));
    }

    [Test]
    public void ResultsIndex_TwoProfiles_ListsThemBySizeWithCounts()
    {
        foreach (var profile in new[] { "paper", "quick", "small" })
            ReportWriter.Write(SampleReport.Create() with { Figures = [] }, Path.Combine(_folder, "patientkd", profile));
        ResultsIndex.Write(_folder);
        var rows = File.ReadAllLines(Path.Combine(_folder, "README.md"))
            .Where(l => l.StartsWith("| patientkd", StringComparison.Ordinal)).ToList();
        Assert.That(rows.Select(r => r.Split('|')[2].Trim()), Is.EqualTo(new[] { "quick", "small", "paper" }));
        Assert.That(rows[1],
            Is.EqualTo("| patientkd | small | 2 | 1 | 1 | 1 | 1 |  | 1 | 1 | 1 | [report](patientkd/small/report.md), "
            + "[claims](patientkd/small/claims.csv) |"));
    }

    [Test]
    public void ResultsIndex_DeploymentWasMeasured_LinksWhatIsThere()
    {
        ReportWriter.Write(SampleReport.Create() with { Figures = [] }, Path.Combine(_folder, "patientkd", "quick"));
        Directory.CreateDirectory(Path.Combine(_folder, "deployment"));
        File.WriteAllText(Path.Combine(_folder, "deployment", "report.md"), "");

        ResultsIndex.Write(_folder);

        var text = File.ReadAllText(Path.Combine(_folder, "README.md"));
        Assert.That(text, Does.Contain("\n\n- What models cost when they are shipped: [deployment/report.md](deployment/report.md)\n"));
        Assert.That(text, Does.Not.Contain("load.md").And.Not.Contain("score-latency"));
    }

    private static IEnumerable<string> Files(string folder) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/')).Order(StringComparer.Ordinal);
}
