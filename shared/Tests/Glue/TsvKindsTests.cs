using System.Text;
using Replication.Glue;

namespace Replication.Tests.Glue;

/// <summary>The shapes in which tables come: line ends, marks and encodings.</summary>
public sealed class TsvKindsTests
{
    private const string Table = "sentence\tlabel\na warm film\t1\n\"dull\t0\nhe said \"no\"\t0\na joy\t1\n";

    private static readonly GlueExample[] Rows =
        [new(0, "a warm film", null, 1), new(1, "\"dull", null, 0), new(2, "he said \"no\"", null, 0), new(3, "a joy", null, 1)];

    private static IReadOnlyList<GlueExample> Read(byte[] table)
    {
        using var folder = new TemporaryFolder();
        folder.Write("SST-2/dev.tsv", table);
        return new GlueSource(DataFolders.Of(folder.Path, folder.Path)).Load(GlueTasks.Sst2, GlueSplit.Dev).Examples;
    }

    private static IReadOnlyList<GlueExample> Read(string table) => Read(Encoding.UTF8.GetBytes(table));

    private static IEnumerable<TestCaseData> SameRows() =>
    [
        new TestCaseData(Table).SetArgDisplayNames("plain"),
        new TestCaseData("\uFEFF" + Table).SetArgDisplayNames("byte order mark"),
        new TestCaseData(Table[..^1]).SetArgDisplayNames("no line end at the end"),
        new TestCaseData(Table.ReplaceLineEndings("\r\n")).SetArgDisplayNames("CR LF"),
        new TestCaseData(Table.ReplaceLineEndings("\r\n")[..^2]).SetArgDisplayNames("CR LF, none at the end"),
        new TestCaseData(Table.ReplaceLineEndings("\r\n")[..^1]).SetArgDisplayNames("CR LF, cut between the two"),
    ];

    [TestCaseSource(nameof(SameRows))]
    public void Load_SameRowsInAnotherShape_AreTheSame(string table) => Assert.That(Read(table), Is.EqualTo(Rows));

    [TestCase("a\rjoy")]
    [TestCase("a\r\rjoy")]
    [TestCase("\ra joy")]
    [TestCase("a \0joy")]
    [TestCase("a\u2028joy\u0085\u000B\u000C")]
    public void Load_CellWithWhatIsNoLineFeed_IsOneCell(string cell) =>
        Assert.That(Read($"sentence\tlabel\n{cell}\t1\n"), Is.EqualTo(new GlueExample[] { new(0, cell, null, 1) }));

    private static IEnumerable<TestCaseData> Refused() =>
    [
        new TestCaseData((byte[])[.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Table)], "is UTF-16")
            .SetArgDisplayNames("UTF-16 LE"),
        new TestCaseData((byte[])[.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(Table)], "is UTF-16")
            .SetArgDisplayNames("UTF-16 BE"),
        new TestCaseData((byte[])[.. Encoding.UTF32.Preamble, .. Encoding.UTF32.GetBytes(Table)], "is UTF-32").SetArgDisplayNames("UTF-32"),
        new TestCaseData(Encoding.Unicode.GetBytes(Table), "looks like UTF-16").SetArgDisplayNames("UTF-16 without a mark"),
        new TestCaseData(Encoding.Latin1.GetBytes("sentence\tlabel\nnaïve\t1\n"), "line 2, byte 3 (0xEF): not UTF-8")
            .SetArgDisplayNames("Latin-1"),
        new TestCaseData("sentence\tlabel\ra\t1\rb\t0\r"u8.ToArray(), "carriage returns alone").SetArgDisplayNames("CR alone"),
        new TestCaseData("sentence,label\na,1\n"u8.ToArray(), "line 1: no column 'sentence'").SetArgDisplayNames("commas"),
        new TestCaseData("sentence\tlabel\na\t1\n\nb\t0\n"u8.ToArray(), "line 3").SetArgDisplayNames("blank line"),
        new TestCaseData("sentence\na\n"u8.ToArray(), "no column 'label'").SetArgDisplayNames("no label"),
    ];

    [TestCaseSource(nameof(Refused))]
    public void Load_WhatIsNoTable_SaysWhatItIs(byte[] table, string message) =>
        Assert.That(() => Read(table), Throws.TypeOf<ReplicationException>().With.Message.Contains(message));

    [TestCase("plain", 6)]
    [TestCase("bom", 6)]
    [TestCase("nul", 6)]
    [TestCase("no-final-newline", 6)]
    [TestCase("lone-cr", 6)]
    [TestCase("utf16", null)]
    [TestCase("comma", null)]
    [TestCase("blank-mid", null)]
    [TestCase("label-missing", null)]
    [Category("Cases")]
    public void Load_Case_IsReadOrRefused(string name, int? rows)
    {
        var source = new GlueSource(new DataFolders([CaseFiles.Require($"tsv/{name}")], "nowhere", "nowhere"));
        foreach (var split in (ReadOnlySpan<GlueSplit>)[GlueSplit.Train, GlueSplit.Dev])
        {
            if (rows is null)
                Assert.That(() => source.Load(GlueTasks.Sst2, split),
                    Throws.TypeOf<ReplicationException>().With.Message.Contains(name == "utf16" ? "UTF-16" : ", line "));
            else
                Assert.That(source.Load(GlueTasks.Sst2, split).Examples.Count(e => e.Label is not null), Is.EqualTo(rows));
        }
    }
}
