using System.Text.RegularExpressions;
using Replication.CommandLine;

namespace Replication.Tests;

/// <summary>Rooms are namespaces, and each knows only those before it: the order of docs/layout.md.</summary>
[TestFixture]
public sealed partial class NamespaceOrderTests
{
    // Foundation's types are in the root namespace, which every room sees.
    private static readonly string[] Rooms =
        ["Foundation", "Bert", "Glue", "Runs", "Training", "Corpus", "Augmentation", "Distillation", "Measurements", "Claims", "Studies",
            "Reporting", "Export", "CommandLine"];

    [TestCaseSource(nameof(Rooms))]
    public void Sources_OfARoom_NameOnlyRoomsBeforeIt(string room)
    {
        var later = Rooms.Skip(Array.IndexOf(Rooms, room) + 1).ToHashSet(StringComparer.Ordinal);
        var offences =
            from file in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Find(), "shared", room), "*.cs", SearchOption.AllDirectories)
            from reference in Reference().Matches(WithoutComments(File.ReadAllText(file)))
            let named = reference.Groups["room"].Value
            where later.Contains(named)
            select $"{Path.GetFileName(file)} names {named}";
        Assert.That(offences.Distinct(), Is.Empty);
    }

    [Test]
    public void Sources_OfTheRooms_NameNoPaper()
    {
        // A paper is a folder with a project of its name: a new one needs no line here.
        string[] papers =
        [
            .. from folder in Directory.EnumerateDirectories(Path.Combine(RepositoryRoot.Find(), "papers"))
               let name = Path.GetFileName(folder)
               where File.Exists(Path.Combine(folder, $"{name}.csproj"))
               select name,
        ];
        Assert.That(papers, Has.Length.AtLeast(4).And.Member("TinyBERT"), "the papers are not found");
        var paper = new Regex($@"\bReplication\.({string.Join('|', papers)})\b");
        var files = Rooms.SelectMany(
            room => Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Find(), "shared", room), "*.cs", SearchOption.AllDirectories));
        Assert.That(files.Where(file => paper.IsMatch(File.ReadAllText(file))).Select(Path.GetFileName), Is.Empty);
    }

    private static string WithoutComments(string source) => Comment().Replace(source, "");

    [GeneratedRegex(
        @"\busing (static )?Replication\.(?<room>[A-Z]\w+)|(?<![\w.""])(Replication\.)?(?<room>Bert|Glue|Runs|Training|Corpus|"
            + @"Augmentation|Distillation|Measurements|Claims|Studies|Reporting|Export|CommandLine)\.[A-Z]")]
    private static partial Regex Reference();

    [GeneratedRegex(@"//[^\n]*|""[^""\n]*""")]
    private static partial Regex Comment();
}
