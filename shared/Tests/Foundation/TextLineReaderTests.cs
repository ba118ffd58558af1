using System.Text;

namespace Replication.Tests.Foundation;

public sealed class TextLineReaderTests
{
    private static string[] Read(byte[] bytes, bool marked = true)
    {
        using var reader = new TextLineReader(new MemoryStream(bytes), "text", marked);
        return [.. reader.Rest()];
    }

    private static IEnumerable<TestCaseData> Encodings() => new Encoding[]
        {
            new UTF8Encoding(true), new UTF8Encoding(false), Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32,
            new UTF32Encoding(true, true),
        }
        .Select(encoding => new TestCaseData(encoding).SetArgDisplayNames($"{encoding.WebName} with a mark of {encoding.Preamble.Length}"));

    [TestCaseSource(nameof(Encodings))]
    public void Rest_AnyEncodingWithAMark_GivesTheLines(Encoding encoding)
    {
        // U+0A0A and U+0D0A hold the bytes of a line feed, and the long line is longer than the buffer.
        string[] lines = ["naïve 😀 \u0A0A\u0D0A\u0A00", "", "a\rb", new string('電', 100_000), "last"];
        Assert.That(Read([.. encoding.Preamble, .. encoding.GetBytes(string.Join("\r\n", lines))]), Is.EqualTo(lines));
        Assert.That(Read([.. encoding.Preamble, .. encoding.GetBytes(string.Concat(lines.Select(line => line + "\n")))]),
            Is.EqualTo(lines));
    }

    [TestCase(new byte[0], 0)]
    [TestCase(new byte[] { 0xEF, 0xBB, 0xBF }, 0)]
    [TestCase(new byte[] { 0xFF, 0xFE }, 0)]
    [TestCase(new byte[] { (byte)'\n' }, 1)]
    [TestCase(new byte[] { (byte)'a' }, 1)]
    public void Rest_NextToNothing_HasSoManyLines(byte[] bytes, int lines) => Assert.That(Read(bytes), Has.Length.EqualTo(lines));

    [TestCase(new byte[] { 0x61, 0x0A, 0x62, 0xEF, 0x76, 0x0A }, "text, line 2, byte 2 (0xEF): not UTF-8",
        TestName = "ReadLine_Latin1_IsRefusedWithLineAndByte")]
    [TestCase(new byte[] { 0xC3 }, "text, line 1, byte 1 (0xC3): not UTF-8", TestName = "ReadLine_CutInACharacter_IsRefused")]
    [TestCase(new byte[] { 0xEF }, "text, line 1, byte 1 (0xEF): not UTF-8", TestName = "ReadLine_CutInAMark_IsRefused")]
    [TestCase(new byte[] { 0x61, 0xED, 0xA0, 0x80 }, "text, line 1, byte 2 (0xED): not UTF-8",
        TestName = "ReadLine_SurrogateInUtf8_IsRefused")]
    [TestCase(new byte[] { 0xFF, 0xFE, 0x61, 0x00, 0x00, 0xD8, 0x61, 0x00 }, "text, line 1, byte 3 (0x00): not UTF-16",
        TestName = "ReadLine_LoneSurrogate_IsRefusedWhereItBegins")]
    [TestCase(new byte[] { 0xFE, 0xFF, 0x00, 0x61, 0xD8, 0x00, 0x00, 0x61 }, "text, line 1, byte 3 (0xD8): not UTF-16",
        TestName = "ReadLine_LoneSurrogateBigEndian_IsRefusedWhereItBegins")]
    [TestCase(new byte[] { 0xFF, 0xFE, 0x3D, 0xD8, 0x00, 0xDE, 0x01, 0xD8, 0x02, 0xD8, 0x61, 0x00 },
        "text, line 1, byte 5 (0x01): not UTF-16", TestName = "ReadLine_TwoHighSurrogatesAfterAPair_TheFirstIsRefused")]
    [TestCase(new byte[] { 0xFF, 0xFE, 0x61, 0x00, 0x00, 0xD8 }, "text, line 1, byte 3 (0x00): not UTF-16",
        TestName = "ReadLine_HighSurrogateAtTheEnd_IsRefusedWhereItBegins")]
    [TestCase(new byte[] { 0xFF, 0xFE, 0x61, 0x00, 0x00, 0xDC, 0x61, 0x00 }, "text, line 1, byte 3 (0x00): not UTF-16",
        TestName = "ReadLine_LowSurrogateAlone_IsRefusedWhereItBegins")]
    [TestCase(new byte[] { 0xFF, 0xFE, 0x61, 0x00, 0x61 }, "text, line 1, byte 3 (0x61): not UTF-16",
        TestName = "ReadLine_HalfAUnit_IsRefused")]
    [TestCase(new byte[] { 0x61, 0x00, 0x62, 0x00 }, "text looks like UTF-16 without a byte order mark",
        TestName = "ReadLine_Utf16WithoutMark_IsNamed")]
    [TestCase(new byte[] { 0x00, 0x61, 0x00, 0x62 }, "text looks like UTF-16 without a byte order mark",
        TestName = "ReadLine_BigEndianWithoutMark_IsNamed")]
    public void ReadLine_WhatIsNoText_SaysWhere(byte[] bytes, string message) =>
        Assert.That(() => Read(bytes), Throws.TypeOf<ReplicationException>().With.Message.Contains(message));

    [Test]
    public void ReadLine_Utf16WhereItIsNotTaken_IsRefusedByName() =>
        Assert.That(() => Read([0xFF, 0xFE, 0x61, 0x00], marked: false),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("text is UTF-16"));

    [Test]
    public void ReadLine_TooLong_NamesTheLine()
    {
        using var reader = new TextLineReader(new MemoryStream("abc\nabcdef\n"u8.ToArray()), "text", longest: 4);
        Assert.That(reader.ReadLine(), Is.EqualTo("abc"));
        Assert.That(reader.ReadLine, Throws.TypeOf<ReplicationException>().With.Message.Contains("text, line 2: longer than 4 bytes"));
    }
}
