using System.Text.RegularExpressions;
using Replication.Tests.Bert;

namespace Replication.Tests;

/// <summary>The reference values that come with the repository, and when they serve.</summary>
public sealed partial class GoldenFilesTests
{
    [Test]
    public void Own_EachFile_IsTheOneThatItsReadmeNames()
    {
        var listed = Row().Matches(File.ReadAllText(Path.Combine(GoldenFiles.Own!, "README.md")))
            .ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        var present = Directory.GetFiles(GoldenFiles.Own!)
            .Where(file => Path.GetFileName(file) != "README.md").ToDictionary(file => Path.GetFileName(file), Digest.OfFile);
        Assert.That(present, Is.Not.Empty.And.EquivalentTo(listed));
    }

    [TestCase("losses.json")]
    [TestCase("losses.safetensors")]
    [TestCase("metrics.json")]
    [TestCase("optimizer.safetensors")]
    [TestCase("sizes.json")]
    public void Locate_NoFullSet_IsTheRepositorysOwnFile(string file) =>
        Assert.That(GoldenFiles.Locate(null, GoldenFiles.Own, file), Is.EqualTo(Path.Combine(GoldenFiles.Own!, file)));

    [Test]
    public void Locate_LargeFileWithoutFullSet_IsMissing() =>
        Assert.That(GoldenFiles.Locate(null, GoldenFiles.Own, "minilm_outputs.safetensors"), Is.Null);

    [Test]
    public void Locate_FullSet_IsNotMixedWithFilesOfTheSameNameOfTheRepository()
    {
        var full = TestFolder.Create();
        File.WriteAllText(Path.Combine(full, "losses.safetensors"), "");
        Assert.That(GoldenFiles.Locate(full, GoldenFiles.Own, "losses.safetensors"), Is.EqualTo(Path.Combine(full, "losses.safetensors")));
        Assert.That(GoldenFiles.Locate(full, GoldenFiles.Own, "losses.json"), Is.Null);
    }

    [Test]
    public void Locate_FullSetWithoutTheName_IsTheRepositorysOwnFile() =>
        Assert.That(
            GoldenFiles.Locate(TestFolder.Create(), GoldenFiles.Own, "sizes.json"),
            Is.EqualTo(Path.Combine(GoldenFiles.Own!, "sizes.json")));

    [GeneratedRegex(@"^\| `([^`]+)` \|.*\| ([0-9a-f]{64}) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
