using System.Text;
using Replication.Glue;

namespace Replication.Tests.Glue;

public class MalformedFileTests
{
    private const string RteHeader = "index\tsentence1\tsentence2\tlabel\n";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    private GlueSource Source => new(DataFolders.Of(_folder.Path, _folder.Path));

    private string MessageOf(string name, string file, string text)
    {
        _folder.Write(file, text);
        return Assert.Throws<ReplicationException>(() => Source.Load(GlueTasks.Parse(name), GlueSplit.Dev))!.Message;
    }

    [TestCase("0\ta\tb\n", "line 2, column 3", "3 tab-separated columns where 4 were expected",
        TestName = "Load_TooFewColumns_NamesLineAndColumn")]
    [TestCase("0\ta\tb\tentailment\n1\ta\tb\tentailment\tx\n", "line 3, column 5", "5 tab-separated columns where 4",
        TestName = "Load_TooManyColumns_NamesLineAndColumn")]
    [TestCase("0\ta\tb\tentailment\n\n", "line 3, column 1", "1 tab-separated columns where 4", TestName = "Load_EmptyLine_NamesTheLine")]
    [TestCase("0\ta\tb\tneutral\n", "line 2, column 4 (label)", "'neutral' is not a label of RTE; expected entailment or not_entailment",
        TestName = "Load_WrongLabel_NamesTheLabels")]
    [TestCase("0\ta\tb\tentailment\n1\ta\tb\tnot_entailment\tx", "line 3", "5 tab-separated columns",
        TestName = "Load_LastLineWrong_NamesIt")]
    public void Load_MalformedRte_NamesThePlace(string rows, string place, string expectation) =>
        Assert.That(MessageOf("RTE", "RTE/dev.tsv", RteHeader + rows),
            Does.Contain(Path.Combine("RTE", "dev.tsv")).And.Contain(place).And.Contain(expectation));

    [Test]
    public void Load_OneRowWithoutALineEnd_IsThatRow()
    {
        _folder.Write("CoLA/dev.tsv", "gj04\t1\t\tOne row alone.");
        Assert.That(Source.Load(GlueTasks.Cola, GlueSplit.Dev).Examples.Single().Sentence1, Is.EqualTo("One row alone."));
    }

    [TestCase("5.001")]
    [TestCase("-0.5")]
    [TestCase("NaN")]
    [TestCase("1,5")]
    [TestCase("")]
    public void Load_ScoreThatIsNone_NamesTheRange(string score) =>
        Assert.That(MessageOf("STS-B", "STS-B/dev.tsv", $"index\tsentence1\tsentence2\tscore\n0\ta\tb\t{score}\n"),
            Does.Contain($"line 2, column 4 (score): '{score}'").And.Contain("a score from 0 to 5"));

    [Test]
    public void Load_CutOffInALine_SaysSo() =>
        Assert.That(MessageOf("CoLA", "CoLA/dev.tsv", "gj04\t1\t\tA sentence.\ngj04\t1"),
            Does.Contain("line 2").And.Contain("may have been cut off"));

    [Test]
    public void Load_HeaderOfAnotherTask_NamesTheMissingColumn() =>
        Assert.That(MessageOf("QNLI", "QNLI/dev.tsv", RteHeader), Does.Contain("line 1").And.Contain("'question'").And.Contain("QNLI"));

    [Test]
    public void Load_EmptyFile_SaysSo() => Assert.That(MessageOf("RTE", "RTE/dev.tsv", ""), Does.Contain("is empty"));

    [Test]
    public void Load_NotUtf8_NamesTheLine()
    {
        _folder.Write("RTE/dev.tsv", [.. Encoding.UTF8.GetBytes(RteHeader + "0\t"), 0xE9, .. "\tb\tentailment\n"u8]);
        Assert.That(() => Source.Load(GlueTasks.Rte, GlueSplit.Dev),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("line 2, byte 3 (0xE9): not UTF-8"));
    }

    [Test]
    public void Load_QuotesAndMarksInText_AreText()
    {
        _folder.Write("RTE/dev.tsv", "\uFEFF" + RteHeader + "0\t\"open\t\uFEFFb\u2028c\tentailment\n1\t\t\"\"\tnot_entailment\n");
        var rows = Source.Load(GlueTasks.Rte, GlueSplit.Dev).Examples;
        Assert.That(rows, Is.EqualTo(new GlueExample[] { new(0, "\"open", "\uFEFFb\u2028c", 0), new(1, "", "\"\"", 1) }));
    }

    [Test]
    public void Load_QqpRowWithACarriageReturnInside_IsARow()
    {
        _folder.Write("QQP/dev.tsv", "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n0\t1\t2\ta\rb\tc\t1\n");
        Assert.That(Source.Load(GlueTasks.Qqp, GlueSplit.Dev).Examples, Is.EqualTo(new GlueExample[] { new(0, "a\rb", "c", 1) }));
    }

    [Test]
    public void Load_QqpCutOffInItsLastRow_SaysSo() => Assert.That(
        MessageOf("QQP", "QQP/dev.tsv", "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n0\t1\t2\ta\tb\t1\n1\t1\t2\ta"),
        Does.Contain("line 3").And.Contain("may have been cut off"));

    [Test]
    public void Load_QqpRowThatLacksColumns_IsLeftOutAsOnTheHub()
    {
        _folder.Write(
            "QQP/dev.tsv", "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n0\t1\t2\ta\tb\t1\n1\t1\t2\ta\n2\t1\t2\tc\td\t0\n");
        Assert.That(Source.Load(GlueTasks.Qqp, GlueSplit.Dev).Examples, Has.Count.EqualTo(2));
    }

    [Test]
    public void Load_OtherContentInANamedFolder_WarnsOnce()
    {
        var file = _folder.Write("RTE/dev.tsv", RteHeader + "0\ta\tb\tentailment\n");
        var heard = new List<string>();
        var source = new GlueSource(Source.Folders) { Warn = heard.Add };
        var data = source.Load(GlueTasks.Rte, GlueSplit.Dev);
        source.Load(GlueTasks.Rte, GlueSplit.Dev);
        Assert.That(heard.Single(), Does.StartWith($"{file} holds 1 rows where RTE's dev set has 277; it is used as it is"));
        Assert.That(data.Warning, Is.EqualTo(heard[0]));
    }

    [TestCase("CoLA", "CoLA/dev.tsv", "", "CoLA's dev set has 1043")]
    [TestCase("RTE", "RTE/dev.tsv", RteHeader, "RTE's dev set has 277")]
    public void Load_NoRows_IsRefusedAlsoInANamedFolder(string name, string file, string text, string message) =>
        Assert.That(MessageOf(name, file, text), Does.Contain($"{file} holds no rows where {message}"));

    [Test]
    public void Load_OtherContentAmongDownloads_IsRefused()
    {
        _folder.Write("data/downloads/glue/rte/dev.tsv", RteHeader + "0\ta\tb\tentailment\n");
        var source = new GlueSource(DataFolders.Of(_folder.Path));
        Assert.That(() => source.Load(GlueTasks.Rte, GlueSplit.Dev),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("where RTE's dev set has 277"));
    }

    [Test]
    public void Load_DamagedParquet_NamesTheFile()
    {
        var whole = File.ReadAllBytes(Path.Combine(GlueFiles.Root, "data", "glue", "RTE", "validation.parquet"));
        foreach (var bytes in new[] {
            whole[..(whole.Length / 2)], [.. whole[..200], .. new byte[5000], .. whole[5200..]],
            Encoding.UTF8.GetBytes("PAR1 but no more") })
        {
            _folder.Write("rte/validation-00000-of-00001.parquet", bytes);
            Assert.That(() => Source.Load(GlueTasks.Rte, GlueSplit.Dev),
                Throws.TypeOf<ReplicationException>().With.Message.Contains("validation-00000-of-00001.parquet"));
        }
    }
}
