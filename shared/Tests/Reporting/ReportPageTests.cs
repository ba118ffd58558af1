using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Replication.Reporting;
using Replication.Reporting.Overviews;
using Replication.Studies;

namespace Replication.Tests.Reporting;

public sealed partial class ReportPageTests
{
    private static readonly PaperReport Report = SampleReport.Create();
    private static readonly string Page = ReportPage.Of(Report, [.. Report.Figures.Select(FigureImages.Svg)]);

    [Test]
    public void Page_Sample_IsWellFormed() => Assert.That(Parse(Page).Root!.Attribute("lang")!.Value, Is.EqualTo("en"));

    [Test]
    public void InteractivePage_WithoutScript_IsWellFormed() =>
        Assert.That(Parse(InteractivePage.Of(Report, "plotly.js")).Descendants("script").Count(), Is.EqualTo(Report.Figures.Count + 2));

    [Test]
    public void InteractivePage_Embedded_HoldsPlotlyOnceAndLoadsNothing()
    {
        var page = InteractivePage.Of(Report, null);
        Assert.That(Regex.Count(page, Regex.Escape("plotly.js (cartesian - minified) v2.35.3")), Is.EqualTo(1));
        Assert.That(page, Does.Not.Match("<script[^>]+src="));
    }

    [Test]
    public void Page_Sample_LoadsNothingFromElsewhere()
    {
        var links = Parse(Page).Descendants()
            .Attributes().Where(a => a.Name.LocalName is "src" or "href" or "srcset" or "data" or "action").Select(a => a.Value);
        var files = Report.Tables.Select(t => $"tables/{t.Id}.csv").Append("figures.html").ToList();
        Assert.That(links, Is.All.Matches<string>(l => l.StartsWith('#') || files.Contains(l)));
        Assert.That(Urls().Matches(Page).Select(m => m.Groups[1].Value),
            Is.All.Matches<string>(u => u.StartsWith('#') || u.StartsWith("data:", StringComparison.Ordinal)));
        Assert.That(Page, Does.Not.Contain("@import").And.Not.Contain("<script").And.Not.Contain("<link"));
    }

    [Test]
    public void Page_TextWithMarkup_IsEscaped()
    {
        const string hostile = "<script>alert('x')</script> & \"more\"";
        var report = Report with
        {
            Title = hostile,
            Summary = [hostile],
            Header = [(hostile, hostile)],
            Deviations = [hostile],
            Tables = [new ReportTable("t", hostile, hostile, [hostile], [[new Cell(hostile, hostile, CellKind.Measured)]])],
            Figures = [new BarFigure("f", hostile, hostile, hostile, hostile, [new BarGroup(hostile, [(hostile, 1, null)])])],
            Claims = [Report.Claims[0] with {
                Reason = hostile, Claim = Report.Claims[0].Claim with { Statement = hostile, Table = hostile } }],
        };
        var page = ReportPage.Of(report, [.. report.Figures.Select(FigureImages.Svg)]);
        Assert.That(page, Does.Not.Contain("<script"));
        Assert.That(Parse(page).Descendants("h1").Single().Value, Is.EqualTo(hostile));
        var interactive = InteractivePage.Of(report, "plotly.js");
        Assert.That(Regex.Count(interactive, "<script"), Is.EqualTo(3));
        Assert.That(TableHtml.Element(report.Tables[0]).ToString(), Does.Not.Contain("<script"));
    }

    [Test]
    public void Page_ControlCharacters_AreLeftOut() =>
        Assert.That(Parse(ReportPage.Of(Report with { Title = "a\0b\u0008c", Figures = [] }, [])).Descendants("h1").Single().Value,
            Is.EqualTo("abc"));

    [Test]
    public void Page_Sample_HasHeadingsCaptionsAndScopes()
    {
        var page = Parse(Page);
        Assert.That(page.Descendants("h1").Count(), Is.EqualTo(1));
        Assert.That(page.Descendants("h2").Select(h => h.Value),
            Is.EqualTo(new[] { "Summary", "What was found", "Verdicts", "Claims", "Tables", "Figures", "Deviations from the paper" }));
        Assert.That(page.Descendants("table"), Is.All.Matches<XElement>(t => t.Element("caption") is { Value.Length: > 0 }));
        Assert.That(page.Descendants("th"), Is.All.Matches<XElement>(t => t.Attribute("scope")?.Value is "col" or "row"));
        XNamespace svg = "http://www.w3.org/2000/svg";
        Assert.That(page.Descendants(svg + "svg").Select(s => (string?)s.Attribute("aria-label")),
            Is.EqualTo(Report.Figures.Select(f => $"{f.Title}. {f.Caption}").Prepend(ForestPlot.Description)));
    }

    [Test]
    public void Page_Sample_HasEveryIdOnceAndEveryTarget()
    {
        var page = Parse(Page);
        var ids = page.Descendants().Attributes("id").Select(a => a.Value).ToList();
        Assert.That(ids, Is.Unique);
        var targets =
            page.Descendants().Attributes().Where(a => a.Name.LocalName is "popovertarget" or "aria-labelledby").Select(a => a.Value)
            .Concat(page.Descendants("a").Attributes("href").Select(a => a.Value).Where(h => h.StartsWith('#')).Select(h => h[1..]));
        Assert.That(targets, Is.SubsetOf(ids));
    }

    [Test]
    public void Page_Claims_SayTheVerdictInWords()
    {
        // What was not run has tables of its own, folded up, one for each thing that it needs.
        var claims = Parse(Page).Descendants("section").Single(e => (string?)e.Attribute("id") == "claims");
        var verdicts = claims.Descendants("tbody")
            .Descendants("span").Where(s => ((string?)s.Attribute("class"))?.StartsWith("verdict", StringComparison.Ordinal) == true);
        Assert.That(verdicts.Select(v => v.Value[2..]), Is.EqualTo(
            ClaimGroups.Of(Report.Claims).Judged
                .Select(c => Replication.Claims.VerdictWords.Of(c.Verdict))));
        Assert.That(claims.Descendants("details")
            .First(d => (string?)d.Attribute("class") == "not-run").Descendants("tbody").Elements("tr").Count(),
            Is.EqualTo(Report.Claims.Count(c => c.Verdict == Replication.Claims.Verdict.NotRun)));
    }

    [Test]
    public void Page_Claims_SayWhatTheSpreadsOfScoresAndSpeedsAre() => Assert.That(
        Parse(Page).Descendants("section").Single(e => (string?)e.Attribute("id") == "claims").Descendants("caption").First().Value,
        Does.Contain("scores and differences are means").And.Contain(
            "standard deviation over seeds").And.Contain("speeds are medians ± median absolute deviation"));

    [Test]
    public void Page_NothingToShow_LeavesSectionsOut()
    {
        var page = Parse(ReportPage.Of(Report with { Claims = [], Tables = [], Figures = [], Deviations = [] }, []));
        Assert.That(page.Descendants("h2").Select(h => h.Value), Is.EqualTo(new[] { "Summary", "Verdicts" }));
        Assert.That(page.Descendants("nav").Descendants("a").Count(), Is.EqualTo(2));
    }

    private static XDocument Parse(string page)
    {
        using var reader = XmlReader.Create(new StringReader(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    [GeneratedRegex(@"url\(([^)]*)\)")]
    private static partial Regex Urls();
}
