using Replication.CommandLine;
using Replication.Reporting;
using Replication.Reporting.Overviews;
using Replication.Runs;
using Replication.Studies;

namespace Replication.All.Tests;

/// <summary>A fresh clone makes all that is committed of a report from the ledger alone, byte for byte.</summary>
[Category("Slow")]
public sealed class RedrawTests
{
    // A phone's window and a desk's.
    private static readonly int[] Widths = [375, 1440];

    private static readonly IReadOnlyList<Evidence> All =
    [
        .. from paper in Program.Papers
           where Directory.Exists(Path.Combine(Results, paper.Name))
           from request in Directory.GetFiles(Path.Combine(Results, paper.Name), "request.json", SearchOption.AllDirectories)
           let folder = Path.GetDirectoryName(request)!
           select new Evidence(paper, folder, Json.Read<ExperimentRequest>(request), new Lazy<Ledger>(() => Ledger.Read(folder))),
    ];

    private static string Results => Path.Combine(RepositoryRoot.Find(), "results");

    private static IEnumerable<TestCaseData> Committed => All.Where(one => one.IsCommitted)
        .Select(one => new TestCaseData(one).SetArgDisplayNames($"{one.Paper.Name}/{Path.GetFileName(one.Folder)}"));

    private readonly TemporaryFolder _results = new();
    private readonly Dictionary<Evidence, string> _written = [];

    [OneTimeTearDown]
    public void RemoveResults() => _results.Dispose();

    [TestCaseSource(nameof(Committed))]
    public void Report_OfTheCommittedLedgerAlone_IsTheCommittedOne(object committed)
    {
        var one = (Evidence)committed;
        Assert.That(Contents(Written(one)), Is.EquivalentTo(Contents(one.Folder)));
    }

    [Test]
    public async Task Pages_InABrowser_FitTheWindowAndLogNoError()
    {
        var browser = HeadlessBrowser.OfThisMachine();
        foreach (var one in All.Where(one => one.IsCommitted))
            Written(one);
        foreach (var file in Directory.GetFiles(Path.Combine(Results, "deployment"), "*", SearchOption.AllDirectories))
            _results.Write(Path.GetRelativePath(Results, file), File.ReadAllBytes(file));
        Overview.Write(_results.Path);
        // A page of charts takes a second; those of profile quick are small's with fewer tasks.
        var pages = Directory.GetFiles(_results.Path, "*.html", SearchOption.AllDirectories)
            .Select(page => Path.GetRelativePath(_results.Path, page).Replace('\\', '/'))
            .Where(page => !page.EndsWith("quick/figures.html", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();

        var (shown, console) = await browser.Open(_results.Path, pages, Widths);

        Assert.That(console, Is.Empty);
        Assert.That(shown, Is.EqualTo(pages.SelectMany(page => Widths.Select(width => new ShownPage(page, width, width, width, 0)))));
    }

    // Its folder among results; what another test wrote is taken.
    private string Written(Evidence one)
    {
        if (_written.TryGetValue(one, out var written))
            return written;
        var folder = _results.File(Path.GetRelativePath(Results, one.Folder));
        ReportWriter.Write(one.Report(), folder, _results.Path);
        return _written[one] = folder;
    }

    // Text files by name; pages are not committed. A paper may have no tables or no figures.
    private static Dictionary<string, string> Contents(string folder) =>
        ((string[])[ReportFiles.Text, ReportFiles.Claims]).Select(name => Path.Combine(folder, name))
        .Concat(((string[])[ReportFiles.Tables, ReportFiles.Figures]).Select(name => Path.Combine(folder, name))
            .Where(Directory.Exists).SelectMany(Directory.GetFiles))
        .ToDictionary(file => Path.GetRelativePath(folder, file), File.ReadAllText, StringComparer.Ordinal);

    /// <summary>What is committed of a paper and profile, read once for all tests.</summary>
    private sealed record Evidence(IPaper Paper, string Folder, ExperimentRequest Request, Lazy<Ledger> Ledger)
    {
        public bool IsCommitted => Folder == Path.Combine(Results, Paper.Name, Request.ProfileName());

        // Students of other papers are in trade-off figures.
        public PaperReport Report() => Paper.Report(Request, Ledger.Value.Find, [
            .. All.Where(other => other.IsCommitted && other.Paper != Paper && other.Request.ProfileName() == Request.ProfileName())
                .SelectMany(other => other.Paper.Students(other.Request, other.Ledger.Value.Find)),
        ]);
    }
}
