using System.Text;
using Replication.Claims;

namespace Replication.Tests.Claims;

public sealed class PublishedCellsTests
{
    private const string Header = "paper,table,split,model,task,metric,value,unit,source,confidence\n";

    private const string Text = Header +
        "PKD,Table 1,test,BERT6-FT,SST-2,acc,90.7,%,a copy,sourced2\n" +
        "PKD,Table 1,test,\"BERT6-PKD, skip\",SST-2,acc,92.0,%,a copy,sourced1\n" +
        "PKD,Table 1,dev,BERT6-FT,SST-2,acc,90.1,%,a copy,sourced1\n" +
        "PKD,Table 3,test,BERT6-KD,RACE,acc,58.7,%,recalled,memory\n" +
        "PKD,set-up,-,PKD,-,widths,1.0;0.5,-,a copy,sourced2\n";

    [Test]
    public void Find_KnownCell_ReturnsIt()
    {
        var cell = Read(Text).Find("Table 1", "BERT6-PKD, skip", "SST-2", "acc");
        Assert.That(cell.RegressionValue, Is.EqualTo(92.0));
        Assert.That(cell.Confidence, Is.EqualTo(Confidence.Sourced1));
    }

    [Test]
    public void Find_SeveralSplits_NeedsTheSplit()
    {
        var cells = Read(Text);
        Assert.That(Assert.Throws<ReplicationException>(() => cells.Find("Table 1", "BERT6-FT", "SST-2", "acc"))!.Message,
            Does.Contain("test, dev"));
        Assert.That(cells.Find("Table 1", "BERT6-FT", "SST-2", "acc", "dev").Number, Is.EqualTo(90.1));
    }

    [Test]
    public void Find_UnknownCell_NamesTheNearest()
    {
        var message = Assert.Throws<ReplicationException>(() => Read(Text).Find("Table 1", "BERT6-PKD", "SST-2", "acc"))!.Message;
        Assert.That(message, Does.Contain("the nearest are 'Table 1 / BERT6-PKD, skip / SST-2 / acc / test'"));
    }

    [Test]
    public void RegressionValue_FromMemory_Throws() =>
        Assert.Throws<ReplicationException>(() => _ = Read(Text).Find("Table 3", "BERT6-KD", "RACE", "acc").RegressionValue);

    [Test]
    public void RegressionValue_NotANumber_Throws()
    {
        var cell = Read(Text).Find("set-up", "PKD", "-", "widths");
        Assert.That(cell.Number, Is.Null);
        Assert.That(cell.Text, Is.EqualTo("1.0;0.5"));
        Assert.Throws<ReplicationException>(() => _ = cell.RegressionValue);
    }

    [TestCase("PKD,Table 1,test,A,SST-2,acc,1,%,a,sure\n", "cells.csv, line 2, column 'confidence': 'sure'")]
    [TestCase("PKD,Table 1,test,A,SST-2,acc,1,%,a,memory\nPKD,Table 1,test,,SST-2,acc,1,%,a,memory\n", "cells.csv, line 3, column 'model'")]
    [TestCase("PKD,Table 1,test,A,SST-2,acc,1,%,a\n", "cells.csv, line 2: 9 fields where the header names 10")]
    [TestCase("PKD,Table 1,test,A,SST-2,acc,1,%,a,b,memory\n", "cells.csv, line 2: 11 fields where the header names 10")]
    [TestCase("PKD,Table 1,test,A,SST-2,acc,1,%,a,memory\nPKD,Table 1,test,A,SST-2,acc,2,%,a,memory\n",
        "cells.csv, line 3, column 'metric'")]
    [TestCase("PKD,Table 1,test,\"A,SST-2,acc,1,%,a,memory\n", "cells.csv, line 2")]
    public void Read_BadLine_NamesFileLineAndColumn(string lines, string expected) =>
        Assert.That(Assert.Throws<ReplicationException>(() => Read(Header + lines))!.Message, Does.StartWith(expected));

    [Test]
    public void Read_ColumnMissing_NamesIt() =>
        Assert.That(Assert.Throws<ReplicationException>(() => Read("paper,table\nPKD,Table 1\n"))!.Message,
            Does.Contain("the column 'split' is missing"));

    [Test]
    public void Read_Empty_NamesTheColumns() => Assert.Throws<ReplicationException>(() => Read(""));

    private static PublishedCells Read(string text) => PublishedCells.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "cells.csv");
}
