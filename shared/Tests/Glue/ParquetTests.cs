using Replication.Glue;

namespace Replication.Tests.Glue;

public class ParquetTests
{
    [TestCase("RTE", "rte")]
    [TestCase("STS-B", "stsb")]
    [Category("Golden")]
    public void Load_HubFile_EqualsTheTsv(string name, string config)
    {
        using var folder = new TemporaryFolder();
        var target = Path.Combine(folder.Path, config, "validation-00000-of-00001.parquet");
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(GoldenFiles.Require($"hub/{config}-validation.parquet"), target);

        var data = new GlueSource(DataFolders.Of(folder.Path, folder.Path)).Load(GlueTasks.Parse(name), GlueSplit.Dev);
        Assert.Multiple(() =>
        {
            Assert.That(data.Source, Does.StartWith(target));
            Assert.That(data.Warning, Is.Null);
            Assert.That(data.Sha256, Is.EqualTo(GlueCatalog.Entry(data.Task, GlueSplit.Dev).Sha256));
        });
    }

    [Test]
    public void Load_SeveralFiles_ReadsThemInOrder()
    {
        using var folder = new TemporaryFolder();
        var all = GlueFiles.Embedded().Load(GlueTasks.Stsb, GlueSplit.Dev);
        foreach (var (part, i) in all.Examples.Chunk(600).Select((part, i) => (part, i)))
            ParquetSplitWriter.Write(
                all with { Examples = part }, Path.Combine(folder.Path, "STS-B", $"validation-0000{i}-of-00003.parquet"));
        var data = new GlueSource(DataFolders.Of(folder.Path, folder.Path)).Load(GlueTasks.Stsb, GlueSplit.Dev);
        Assert.That(data.Examples, Is.EqualTo(all.Examples));
    }

    [Test]
    public void Write_EveryKindOfTask_IsReadBackAsItWas()
    {
        using var folder = new TemporaryFolder();
        var source = new GlueSource(DataFolders.Of(folder.Path, folder.Path));
        foreach (var task in GlueTasks.All)
            foreach (var split in GlueTasks.Splits(task))
            {
                var label = GlueTasks.IsHidden(split) ? (float?)null : 1;
                GlueExample[] rows = [new(0, "", task.IsPair ? "b\tc\n" : null, label), new(1, "Ж\"", task.IsPair ? "" : null, label)];
                ParquetSplitWriter.Write(
                    new GlueDataset(task, split, rows, "", ""), Path.Combine(folder.Path, task.Name, HubName(task, split) + ".parquet"));
                Assert.That(source.Load(task, split).Examples, Is.EqualTo(rows), $"{task} {split}");
            }
    }

    private static string HubName(GlueTask task, GlueSplit split) =>
        Path.GetFileName(Hub.Public.Split(task, split).Name).Replace("-00000-of-00001.parquet", "", StringComparison.Ordinal);
}
