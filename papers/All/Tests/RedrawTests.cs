using Replication.CommandLine;
using Replication.Reporting;
using Replication.Runs;
using Replication.Studies;

namespace Replication.All.Tests;

/// <summary>A fresh clone makes all that is committed of a report from the ledger alone, byte for byte.</summary>
[Category("Slow")]
public sealed class RedrawTests
{
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

    [TestCaseSource(nameof(Committed))]
    public void Report_OfTheCommittedLedgerAlone_IsTheCommittedOne(object committed)
    {
        var one = (Evidence)committed;
        using var folder = new TemporaryFolder();
        ReportWriter.Write(one.Report(), folder.Path);
        Assert.That(Contents(folder.Path), Is.EquivalentTo(Contents(one.Folder)));
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
