using Replication.CommandLine;

namespace Replication.Tests.CommandLine;

public sealed class ShownTextTests
{
    [TestCase("plain naïve 映画 😀 👩‍👩‍👧", "plain naïve 映画 😀 👩‍👩‍👧")]
    [TestCase("\u001b[31mred\u001b[0m", "\\x1b[31mred\\x1b[0m")]
    [TestCase("\u009b31mred", "\\x9b31mred")]
    [TestCase("a\tb\r\nc\0\u007f", "a\\tb\\r\\nc\\x00\\x7f")]
    [TestCase("a\u202Egnp.exe\u2028", "a\\u202egnp.exe\\u2028")]
    public void Line_WhatWouldSteerATerminal_IsWrittenOut(string text, string shown) =>
        Assert.That(ShownText.Line(text), Is.EqualTo(shown));

    [Test]
    public void Line_HalfACharacter_IsWrittenOut() =>
        Assert.That(ShownText.Line(new string(['a', '\uD83D', 'b', '\uDE00', '\uD83D', '\uDE00'])), Is.EqualTo("a\\ud83db\\ude00😀"));

    [Test]
    public void Lines_KeepsLineEndsAlone() => Assert.That(ShownText.Lines("a\nb\r\u001b"), Is.EqualTo("a\nb\\r\\x1b"));
}
