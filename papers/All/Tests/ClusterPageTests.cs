using Replication.CommandLine;
using Replication.DistilBERT;
using Replication.DynaBERT;
using Replication.PatientKD;
using Replication.TinyBERT;

namespace Replication.All.Tests;

/// <summary>docs/cluster.md against the plans.</summary>
[Category("Slow")]
public sealed class ClusterPageTests
{
    [Test]
    public void Document_AsCommitted_IsWhatThePlansGive() => Assert.That(
        File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "docs", "cluster.md")).ReplaceLineEndings("\n"),
        Is.EqualTo(
            ClusterPage.Of([new PatientKdPaper(), new DistilBertPaper(), new TinyBertPaper(), new DynaBertPaper()], RepositoryRoot.Find())),
        "docs/cluster.md is made by: ./reproduce.ps1 plan --costs docs/cluster.md");
}
