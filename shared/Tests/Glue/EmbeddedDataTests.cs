using Replication.Tools.Trust;

namespace Replication.Tests.Glue;

public class EmbeddedDataTests
{
    [Test]
    public void Readme_EveryFile_IsListedWithItsDigest()
    {
        var (files, wrong) = DataDigests.Check(Path.Combine(GlueFiles.Root, "data"));

        Assert.That(files, Is.GreaterThan(20));
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Check_FilesThatAreOther_AreNamedOneByOne()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("same.csv"), "1");
        File.WriteAllText(folder.File("changed.csv"), "2");
        File.WriteAllText(folder.File("new.csv"), "3");
        Directory.CreateDirectory(folder.File("downloads"));
        File.WriteAllText(Path.Combine(folder.Path, "downloads", "large.bin"), "4");
        var one = Digest.OfText("1");
        File.WriteAllText(folder.File("README.md"), $"| `same.csv` | {one} |\n| `changed.csv` | {one} |\n| `gone.csv` | {one} |\n");

        var (files, wrong) = DataDigests.Check(folder.Path);

        Assert.That(files, Is.EqualTo(3));
        Assert.That(wrong,
            Is.EqualTo(new[] { "changed.csv is not the file that is listed", "gone.csv is missing", "new.csv is not listed" }));
    }
}
