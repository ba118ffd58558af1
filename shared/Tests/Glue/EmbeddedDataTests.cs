using System.Text.RegularExpressions;

namespace Replication.Tests.Glue;

public class EmbeddedDataTests
{
    private static readonly string Data = Path.Combine(GlueFiles.Root, "data");

    [Test]
    public void Readme_EveryFile_IsListedWithItsDigest()
    {
        var listed = Regex.Matches(File.ReadAllText(Path.Combine(Data, "README.md")), @"\| `([^`]+)` \| ([0-9a-f]{64}) \|")
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        var present = new[] { "corpus", "glue", "models" }
            .SelectMany(folder => Directory.GetFiles(Path.Combine(Data, folder), "*", SearchOption.AllDirectories))
            .ToDictionary(file => Path.GetRelativePath(Data, file).Replace('\\', '/'), Digest.OfFile);
        Assert.That(listed, Is.EquivalentTo(present));
    }
}
