using Replication.CommandLine;

namespace Replication.Tests.CommandLine;

public sealed class TextWidthTests
{
    [TestCase("a warm and funny film", 10, "a warm and|funny film")]
    [TestCase("  a warm and funny film", 10, "  a warm|  and|  funny|  film")]
    [TestCase("two  blanks stay", 80, "two  blanks stay")]
    [TestCase("/a/path/longer/than/the/line stays whole", 12, "/a/path/longer/than/the/line|stays whole")]
    [TestCase("", 10, "")]
    public void Wrap_Text_BreaksAtBlanksAndKeepsTheIndent(string text, int columns, string lines) =>
        Assert.That(TextWidth.Wrap(text, columns), Is.EqualTo(lines.Split('|')));

    [Test]
    public void Wrap_WideCharacters_CountTwoColumns() => Assert.That(TextWidth.Wrap("電影 電影", 8), Is.EqualTo((string[])["電影", "電影"]));

    [TestCase("SST-2 teacher, seed 1", 21, "SST-2 teacher, seed 1")]
    [TestCase("SST-2 teacher, seed 1", 20, "SST-2 teacher, seed…")]
    [TestCase("SST-2 teacher, seed 1", 16, "SST-2 teacher…")]
    [TestCase("SST-2 teacher, seed 1", 4, "")]
    public void Shorten_Text_EndsAtAWord(string text, int columns, string shortened) =>
        Assert.That(TextWidth.Shorten(text, columns), Is.EqualTo(shortened));

    [Test]
    public void Error_OnATerminal_BreaksAtWords()
    {
        using var session = new Session { Terminal = new FakeTerminal(40) };

        session.Run("fakepaper", "--profile", "papr");

        Assert.That(session.Terminal.Rows, Has.Count.GreaterThan(2).And.All.Length.LessThan(40));
        Assert.That(string.Join(' ', session.Terminal.Rows),
            Does.StartWith("error: --profile is 'papr'; it must be quick, small, paper, reference, evidence or released. Did you mean"));
    }
}
