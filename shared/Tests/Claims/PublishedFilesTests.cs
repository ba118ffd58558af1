using Replication.Claims;

namespace Replication.Tests.Claims;

[Category("Golden")]
public sealed class PublishedFilesTests
{
    [TestCase("patientkd.csv", 459)]
    [TestCase("distilbert.csv", 157)]
    [TestCase("dynabert.csv", 384)]
    [TestCase("tinybert.csv", 400)]
    public void Read_PublishedFile_HasEveryCell(string file, int cells)
    {
        var path = GoldenFiles.Require(Path.Combine("..", "published", file));
        using var stream = File.OpenRead(path);
        Assert.That(PublishedCells.Read(stream, file).All, Has.Count.EqualTo(cells));
    }
}
