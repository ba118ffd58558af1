using Replication.CommandLine;
using Replication.Reporting;

namespace Replication.Tests.Reporting;

public sealed class ReadmeFindingsTests
{
    private const string Header =
        "id,paper,table,kind,statement,published,measured,spread,seeds,unit,tolerance,tolerance "
            + "reason,verdict,reason,signature,finding,confidence\n";
    private const string Marks =
        "# Title\n<!-- made from results/ by './reproduce.ps1 report --update-results' -->\nold\n<!-- as far as here -->\nrest\n";

    [Test]
    public void Readme_TellsWhatTheCommittedResultsHold()
    {
        var root = RepositoryRoot.Find();

        Assert.That(
            ReadmeFindings.Of(File.ReadAllText(Path.Combine(root, "README.md")).ReplaceLineEndings("\n")),
            Is.EqualTo(ReadmeFindings.Text(Path.Combine(root, "results"))),
            "Run './reproduce.ps1 report --update-results'.");
    }

    [Test]
    public void Text_SeveralProfiles_TakesTheLargestAndCountsByKind()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "one/quick", ("size", "below"), ("order", "not run"));
        Write(folder, "one/small", ("size", "reproduced"), ("size", "reproduced"), ("size", "below"), ("order", "agrees at small scale"),
            ("speed", "inconclusive"), ("speed", "reproduced"));
        Write(folder, "one/reference", ("size", "below"));
        Write(folder, "two/quick", ("order", "disagrees at small scale"), ("score", "not run"), ("score", "not run"));

        Assert.That(ReadmeFindings.Text(folder.Path).Split('\n'), Is.EqualTo((string[])
        [
            "- Of 3 published sizes 2 come out as published and 1 is off; of 2 published speed ratios, each timed on one machine, 1 "
                + "comes out as published and 1 is not settled by the replicates.",
            "- Of 2 published orders (what beats what, and what share of its teacher's score a student keeps) 1 holds with a smaller "
                + "teacher and 1 turns out the other way with a smaller teacher.",
            "- Of 2 published scores none was run: a score needs the paper's teacher, all of its data, and a GPU.",
        ]));
    }

    [Test]
    public void Update_ReadmeWithMarks_ChangesWhatIsBetweenThemAlone()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "results/one/quick", ("score", "not run"));
        var readme = folder.Write("README.md", Marks);

        ReadmeFindings.Update(readme, folder.File("results"));

        var text = File.ReadAllText(readme);
        Assert.That(text, Does.StartWith("# Title\n<!-- made").And.EndsWith("<!-- as far as here -->\nrest\n").And.Not.Contains("old"));
        Assert.That(ReadmeFindings.Of(text), Is.EqualTo(ReadmeFindings.Text(folder.File("results"))));
    }

    [Test]
    public void Update_ReadmeWithoutMarks_IsLeftAlone()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "results/one/quick", ("score", "not run"));
        var readme = folder.Write("README.md", "# Title\n");

        ReadmeFindings.Update(readme, folder.File("results"));
        ReadmeFindings.Update(folder.File("none.md"), folder.File("results"));

        Assert.That(File.ReadAllText(readme), Is.EqualTo("# Title\n"));
    }

    private static void Write(TemporaryFolder folder, string place, params (string Kind, string Verdict)[] claims) => folder.Write(
        $"{place}/claims.csv", Header + string.Concat(
            claims.Index().Select(c => $"id{c.Index},p,Table 1,{c.Item.Kind},S.,,,,,M,,,{c.Item.Verdict},R.,,,sourced2\n")));
}
