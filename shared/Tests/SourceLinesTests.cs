using Replication.CommandLine;

namespace Replication.Tests;

/// <summary>Lines of the sources are short enough to be read side by side.</summary>
[TestFixture]
public sealed class SourceLinesTests
{
    private const int Longest = 140;

    [Test]
    public void Sources_OfEveryProject_HaveNoLongerLines() => Assert.That(
        from folder in (string[])["papers", "shared"]
        from file in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Find(), folder), "*.cs", SearchOption.AllDirectories)
        where !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")
        from line in File.ReadLines(file).Index()
        where line.Item.Length > Longest
        select $"{Path.GetFileName(file)}, line {line.Index + 1}: {line.Item.Length}",
        Is.Empty);
}
