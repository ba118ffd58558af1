using System.CommandLine;
using Replication.CommandLine;

namespace Replication.Tests.CommandLine;

public sealed class OptionFactoryTests
{
    [TestCase("", null)]
    [TestCase("--only b,A", new[] { "b", "a" })]
    public void NamesOf_NotTyped_AreNull(string line, string[]? expected)
    {
        var only = OptionFactory.Names("--only", "Some.", "NAMES", ["a", "b"]);

        Assert.That(new Command("measure", "Measures.") { only }.Parse(line).NamesOf(only), Is.EqualTo(expected));
    }
}
