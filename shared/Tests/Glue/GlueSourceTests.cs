using Replication.Glue;

namespace Replication.Tests.Glue;

public class GlueSourceTests
{
    private static IEnumerable<TestCaseData> EmbeddedSplits() =>
        from name in new[] { "CoLA", "SST-2", "STS-B", "RTE", "WNLI" }
        from split in new[] { GlueSplit.Train, GlueSplit.Dev, GlueSplit.Test }
        select new TestCaseData(name, split);

    [TestCaseSource(nameof(EmbeddedSplits))]
    public void Load_Embedded_HasThePinnedContent(string name, GlueSplit split)
    {
        var task = GlueTasks.Parse(name);
        var data = GlueFiles.Embedded().Load(task, split);
        var entry = GlueCatalog.Entry(task, split);
        Assert.Multiple(() =>
        {
            Assert.That(data.Examples, Has.Count.EqualTo(entry.Rows));
            Assert.That(data.Sha256, Is.EqualTo(entry.Sha256));
            Assert.That(data.Examples.All(e => e.Label is null), Is.EqualTo(split == GlueSplit.Test));
        });
    }

    [Test]
    public void Load_Distribution_IsTheFileAndTheContentThatArePinned()
    {
        var source = GlueFiles.RequireDistribution();
        var folder = GlueFiles.RequireDistributionFolder();
        var seen = 0;
        foreach (var entry in GlueCatalog.Entries.Where(entry => entry.TsvSha256 is not null))
        {
            var data = source.Load(GlueTasks.Parse(entry.Task), entry.Split);
            if (!data.Source.StartsWith(Path.GetFullPath(folder), StringComparison.Ordinal)
                || data.Source.Contains(".parquet", StringComparison.Ordinal))
                continue;
            seen++;
            Assert.Multiple(() =>
            {
                Assert.That(data.Warning, Is.Null);
                Assert.That(data.Sha256, Is.EqualTo(entry.Sha256), $"{entry.Task} {entry.Split}");
                Assert.That(Digest.OfFile(data.Source), Is.EqualTo(entry.TsvSha256), $"{entry.Task} {entry.Split}");
            });
        }
        Assert.That(seen, Is.EqualTo(21));
    }

    [Test]
    public void Load_Twice_GivesTheSameObject()
    {
        var source = GlueFiles.Embedded();
        Assert.That(source.Load(GlueTasks.Wnli, GlueSplit.Dev), Is.SameAs(source.Load(GlueTasks.Wnli, GlueSplit.Dev)));
    }

    [Test]
    public void Load_Missing_SaysWhatItWouldTake()
    {
        var error = Assert.Throws<ReplicationException>(() => GlueFiles.Embedded().Load(GlueTasks.Mrpc, GlueSplit.Train));
        Assert.That(error!.Message, Does.Contain("MRPC").And.Contain("./reproduce.ps1 data fetch MRPC").And.Contain("--data"));
    }

    [Test]
    public void Load_MismatchedSplitOfATaskWithout_SaysSo() =>
        Assert.That(() => GlueFiles.Embedded().Load(GlueTasks.Rte, GlueSplit.DevMismatched),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("MNLI"));

    [Test]
    public void Of_FolderThatIsNot_IsAUsageError() =>
        Assert.That(() => DataFolders.Of(GlueFiles.Root, "no such folder"),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("--data").And.Property("ExitCode")
                .EqualTo(ReplicationException.UsageError));

    [Test]
    public void Parse_MistypedTask_SuggestsTheNearest() =>
        Assert.That(() => GlueTasks.Parse("SST-3"),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("'SST-2'").And.Property("ExitCode")
                .EqualTo(ReplicationException.UsageError));

    [TestCase("sst-2", "SST-2")]
    [TestCase("STSB", "STS-B")]
    [TestCase("mnli", "MNLI")]
    public void Parse_AnyCase_FindsTheTask(string name, string expected) => Assert.That(GlueTasks.Parse(name).Name, Is.EqualTo(expected));
}
