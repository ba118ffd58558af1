using System.Xml.Linq;
using Replication.Claims;
using Replication.CommandLine;
using Replication.Reporting;
using Replication.Reporting.Overviews;

namespace Replication.Tests.Reporting;

/// <summary>The overview of made-up results, and the committed one.</summary>
public sealed class OverviewTests
{
    private static string Results => Path.Combine(RepositoryRoot.Find(), "results");

    [TestCase(Overview.TextName)]
    [TestCase(Overview.OrdersName)]
    [TestCase(Overview.RatiosName)]
    public void Overview_AsCommitted_IsWhatReportMakes(string name) => Assert.That(
        File.ReadAllText(Path.Combine(Results, Overview.FolderName, name)), Is.EqualTo(Overview.Files(Results)[name]),
        "Make it again with 'report --update-results'.");

    [Test]
    public void Files_OfCommittedResults_HoldEachOrderOfEachPaper()
    {
        var files = Overview.Files(Results);
        var orders = Directory.GetFiles(Results, ReportFiles.Claims, SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(Path.GetDirectoryName(path)) == "small")
            .SelectMany(ClaimsTable.Read).Where(outcome => outcome.Claim.Kind == ClaimKind.Order).ToList();
        Assert.That(orders, Is.Not.Empty);
        foreach (var order in orders)
            Assert.That(files[Overview.TextName], Does.Contain($"| {TableText.Escape(order.Claim.Statement)} |"));
        var dots = XDocument.Parse(files[Overview.OrdersName]).Descendants().Count(element => element.Name.LocalName == "circle");
        Assert.That(dots, Is.EqualTo(orders.Count(order => order.Measured is not null)));
    }

    [Test]
    public void Files_PicturesAndPage_AreWellFormedAndSaidInWords()
    {
        foreach (var (name, text) in Overview.Files(Results).Where(file => file.Key.EndsWith(".svg", StringComparison.Ordinal)))
        {
            var root = XDocument.Parse(text).Root!;
            Assert.That((string?)root.Attribute("role"), Is.EqualTo("img"), name);
            Assert.That((string?)root.Attribute("aria-label"), Is.Not.Empty, name);
            Assert.That(text, Does.Not.Contain("NaN").And.Not.Contain("∞"), name);
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Files_OfModelsThatShip_LeadToWhatWasMeasured(bool isScored)
    {
        using var folder = new TemporaryFolder();
        ReportWriter.Write(SampleReport.Create() with { Figures = [] }, folder.File("patientkd/quick"));
        folder.Write("deployment/report.md", "");
        if (isScored)
            folder.Write("deployment/score-latency.svg", "<svg/>");

        var files = Overview.Files(folder.Path);

        Assert.That(files[Overview.TextName], Does.Contain("## Models that ship\n\n- What models cost when they are shipped: "
            + "[deployment/report.md](../deployment/report.md)\n"));
        Assert.That(files[Overview.PageName], Does.Contain("href=\"../deployment/report.md\""));
        foreach (var (name, figure) in new[] { (Overview.PageName, "src=\"../deployment/score-latency.svg\""),
            (Overview.TextName, "](../deployment/score-latency.svg)") })
            Assert.That(files[name].Contains(figure, StringComparison.Ordinal), Is.EqualTo(isScored), name);
    }

    [Test]
    public void Write_NoResults_WritesNothing()
    {
        using var folder = new TemporaryFolder();
        Overview.Write(folder.Path);
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Is.Empty);
    }
}
