using Replication.CommandLine;

namespace Replication.All.Tests;

/// <summary>docs/cluster.md against the plans.</summary>
[Category("Slow")]
public sealed class ClusterPageTests
{
    [Test]
    public void Document_AsCommitted_IsWhatThePlansGive() => Assert.That(
        File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "docs", "cluster.md")).ReplaceLineEndings("\n"),
        Is.EqualTo(ClusterPage.Of(Program.Papers, RepositoryRoot.Find())),
        "docs/cluster.md is made by: ./reproduce.ps1 plan --costs docs/cluster.md");
}
