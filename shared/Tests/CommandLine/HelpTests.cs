using System.Globalization;
using System.Text.RegularExpressions;
using Replication.CommandLine;

namespace Replication.Tests.CommandLine;

public sealed class HelpTests
{
    private static readonly string[] Verbs =
        ["fakepaper", "all", "plan", "report", "runs", "data", "finetune", "evaluate", "predict", "export", "choose", "augment", "help"];

    [TestCase("--help")]
    [TestCase("help")]
    [TestCase("")]
    public void Help_OfTheProgram_NamesEveryVerbAndGivesExamples(string words)
    {
        using var session = new Session();

        var call = session.Run(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.That(call.Exit, Is.Zero);
        foreach (var verb in Verbs)
            Assert.That(call.Output, Does.Match($@"(?m)^  {verb}\b"));
        Assert.That(call.Output, Does.Contain("Examples:").And.Contains("./reproduce.ps1 all --profile small --seeds 3"));
    }

    [TestCaseSource(nameof(Verbs))]
    public void Help_OfAVerb_IsTheSameInBothWaysAndHasAnExample(string verb)
    {
        using var session = new Session();

        var page = session.Run(verb, "--help");

        Assert.That(page.Exit, Is.Zero);
        Assert.That(session.Run("help", verb).Output, Is.EqualTo(page.Output));
        if (verb is not ("all" or "help"))
            Assert.That(page.Output, Does.Contain($"./reproduce.ps1 {verb}"));
    }

    [Test]
    public void Help_OfFinetune_NamesTasksAndModels()
    {
        using var session = new Session();

        var page = session.Run("help", "finetune").Output;

        Assert.That(page, Does.Match("(?s)Tasks:\n.*CoLA, .*SST-2.*Models by name").And.Match(
            "(?m)^  minilm-l6 .*22\\.7 M parameters$").And.Match("(?m)^  bert-large-uncased "));
    }

    [TestCase("help finetune")]
    [TestCase("finetune --help")]
    public void Help_StandardOutputIsFull_SaysSo(string words)
    {
        using var full = new StreamWriter(
            new GuardedOutput(new FailingOutput(new IOException("No space left on device")), StandardStreams.CannotWrite))
            { AutoFlush = true };
        using var session = new Session { Writer = full };

        var call = session.Run(words.Split(' '));

        Assert.That((call.Exit, call.Error),
            Is.EqualTo((1, "error: Cannot write standard output: No space left on device; send it elsewhere, or make room.\n")));
    }

    [Test]
    public void Version_IsOneLine_ThatNamesProgramSourceAndLibraries()
    {
        using var session = new Session();

        var call = session.Run("--version");

        Assert.That((call.Exit, call.Lines.Length), Is.EqualTo((0, 1)), call.Error);
        Assert.That(call.Lines[0], Does.Match(@"\Areproduce \d+\.\d+\.\d+ \(no commit\), TorchSharp 0\.\d+\.\d+\S*, \.NET 10\.\d+\.\d+\z"));
    }

    [Test]
    public void Messages_ThatSendToASectionOfTheReadme_NameOneThatIsThere()
    {
        var root = Replication.CommandLine.RepositoryRoot.Find();
        var readme = File.ReadAllLines(Path.Combine(root, "README.md"));
        var named = Directory.EnumerateFiles(Path.Combine(root, "shared", "CommandLine"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), @"'([^']+)' in README\.md").Select(match => match.Groups[1].Value))
                .ToList();

        Assert.That(named, Is.Not.Empty);
        foreach (var section in named)
            Assert.That(readme, Does.Contain($"## {section}"));
    }

    [Test]
    public void Help_InAnotherCulture_IsTheSame()
    {
        using var session = new Session();
        var before = session.Run("finetune", "--help").Output;
        MadeUpCulture.Run(() => Assert.That(session.Run("finetune", "--help").Output, Is.EqualTo(before)));
    }
}
