using System.Text.RegularExpressions;
using Replication.CommandLine;

namespace Replication.Tests;

/// <summary>THIRD-PARTY.md against what is shipped.</summary>
public sealed class ThirdPartyTests
{
    private static readonly string Root = RepositoryRoot.Find();
    private static readonly string Terms = File.ReadAllText(Path.Combine(Root, "THIRD-PARTY.md"));

    [Test]
    public void Packages_OfTheBuild_AreAllNamed()
    {
        var packages = Regex.Matches(File.ReadAllText(Path.Combine(
            Root, "Directory.Packages.props")), "PackageVersion Include=\"([^\"]+)\"").Select(match => match.Groups[1].Value).ToList();

        Assert.That(packages, Has.Count.GreaterThan(10));
        Assert.That(packages.Where(package => !Regex.IsMatch(Terms, $@"(?m)^\|[^|]*\b{Regex.Escape(package)}\b")), Is.Empty);
    }

    [TestCase("data/glue")]
    [TestCase("data/models")]
    public void Data_ThatIsShipped_IsNamed(string folder)
    {
        var shipped = Directory.GetDirectories(Path.Combine(Root, folder)).Select(path => $"`{folder}/{Path.GetFileName(path)}/`").ToList();

        Assert.That(shipped, Is.Not.Empty);
        Assert.That(shipped.Where(one => !Terms.Contains(one, StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void Files_ThatAreNamed_AreThere()
    {
        var named = Regex.Matches(Terms, "`((?:data|shared|results)/[^`*]+)`")
            .Select(match => match.Groups[1].Value).Where(path => path != "data/downloads/").ToList();

        Assert.That(named, Has.Count.GreaterThan(8));
        Assert.That(named.Where(path => !Path.Exists(Path.Combine(Root, path))), Is.Empty);
    }

    [Test]
    public void Readme_LeadsToEveryDocument()
    {
        var readme = File.ReadAllText(Path.Combine(Root, "README.md"));

        foreach (var document in (string[])["LICENSE", "THIRD-PARTY.md", "CITATION.cff", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"])
        {
            Assert.That(Path.Combine(Root, document), Does.Exist);
            Assert.That(readme, Does.Contain($"]({document})"));
        }
    }
}
