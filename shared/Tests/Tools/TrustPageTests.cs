using Replication.CommandLine;
using Replication.Tools.Trust;

namespace Replication.Tests.Tools;

public sealed class TrustPageTests
{
    private static readonly ToolResult Result = new()
    {
        What = "Something tried", Command = "try it", Finished = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), Seconds = 90,
        Commit = new string('a', 40), Machine = "a machine",
        Rows = [new("one way", 1200, "tries", 0), new("another_way", 34, "tries", 0, "with a remark")],
    };

    [Test]
    public void Document_OfCommittedResults_IsWhatTheyGive()
    {
        var root = RepositoryRoot.Find();

        Assert.That(File.ReadAllText(Path.Combine(root, TrustVerb.Document)).ReplaceLineEndings("\n"),
            Is.EqualTo(TrustPage.Of(TrustPage.Read(Path.Combine(root, TrustVerb.Folder)))),
            "docs/trust.md is made by: dotnet shared/Tools/bin/Release/net10.0/Replication.Tools.dll trust");
    }

    [Test]
    public void Of_NothingFound_SaysHowManyWereTried()
    {
        var page = TrustPage.Of([("some.json", Result)]);

        Assert.That(page, Does.Contain("| [Something tried](#some) | 1,234 tries | 0 | none found | 90 s | 2026-01-02 | `aaaaaaaaaa` |"));
        Assert.That(page, Does.Contain("| another\\_way | 34 tries | 0 | with a remark |"));
    }

    [Test]
    public void Of_FaultsFound_IsNoSuccess() =>
        Assert.That(TrustPage.Of([("some.json", Result with { Rows = [new("one way", 10, "tries", 2)] })]),
            Does.Contain("| 10 tries | 2 | faults |"));

    [Test]
    public void Of_PartThatWasNotTried_IsCounted() =>
        Assert.That(TrustPage.Of(
            [("some.json", Result with { Rows = [.. Result.Rows, new("a third way", 0, "tries", 0, "not tried: needs root")] })]),
            Does.Contain("none found; 1 of 3 parts not tried"));

    [Test]
    public void Of_DirtySource_SaysSo() =>
        Assert.That(TrustPage.Of([("some.json", Result with { Commit = new string('a', 40) + "-dirty" })]),
            Does.Contain("`aaaaaaaaaa-dirty`"));

    [Test]
    public void Write_Result_IsReadBack()
    {
        using var folder = new TemporaryFolder();
        (Result with { Log = ["a line"] }).Write(folder.File("some.json"));

        var (file, read) = TrustPage.Read(folder.Path).Single();

        Assert.That(file, Is.EqualTo("some.json"));
        Assert.That(read.Rows, Is.EqualTo(Result.Rows));
        Assert.That(TrustPage.Of([(file, read)]), Does.Contain("```\na line\n```"));
    }

    [Test]
    public void Read_NoResults_SaysWhatWritesThem()
    {
        using var folder = new TemporaryFolder();

        Assert.That(() => TrustPage.Read(folder.Path), Throws.TypeOf<ReplicationException>().With.Message.Contains("CONTRIBUTING.md"));
    }

    [Test]
    public void Parse_Line_IsTheRowThatWroteIt() =>
        Assert.That(ToolRow.Parse(Result.Rows[1].ToLine()), Is.EqualTo(Result.Rows[1]));

    [TestCase("")]
    [TestCase("what|many|tries|0|")]
    [TestCase("what|1|tries|-1|")]
    [TestCase("what|1|tries")]
    public void Parse_NoRow_IsRefused(string line) =>
        Assert.That(() => ToolRow.Parse(line), Throws.TypeOf<ReplicationException>().With.Message.Contains("what|count|unit|found|remark"));
}
