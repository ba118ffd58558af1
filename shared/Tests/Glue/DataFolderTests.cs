using Replication.Glue;

namespace Replication.Tests.Glue;

/// <summary>The ways in which people lay out a task's folder.</summary>
public sealed class DataFolderTests
{
    private const string Rows = "sentence\tlabel\na\t1\nb\t0\n";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder()
    {
        _folder = new TemporaryFolder();
        _heard.Clear();
    }

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    private GlueSource Source(string data = "") => new(DataFolders.Of(GlueFiles.Root, _folder.File(data))) { Warn = _heard.Add };

    private readonly List<string> _heard = [];

    [TestCase("SST-2/dev.tsv")]
    [TestCase("SST-2/val.tsv")]
    [TestCase("SST-2/valid.tsv")]
    [TestCase("SST-2/validation.tsv")]
    [TestCase("SST-2/Dev.TSV")]
    [TestCase("sst-2/dev.tsv")]
    [TestCase("sst2/dev.tsv")]
    [TestCase("SST2/val.tsv")]
    [TestCase("SST_2/dev.tsv")]
    [TestCase("glue/sst2/val.tsv")]
    [TestCase("glue_data/SST-2/dev.tsv")]
    [TestCase("glue_data/sst-2/validation.tsv")]
    public void Load_SplitUnderASpellingThatIsClear_IsTaken(string file)
    {
        var path = _folder.Write(file, Rows);
        Assert.That(Source().Load(GlueTasks.Sst2, GlueSplit.Dev).Source, Is.EqualTo(path).IgnoreCase);
        Assert.That(_heard.Single(), Does.Contain("holds 2 rows where SST-2's dev set has 872"));
    }

    [TestCase("data/SST-2", "dev.tsv")]
    [TestCase("data/sst-2/", "val.tsv")]
    public void Load_FolderOfTheTaskItself_IsTaken(string data, string file)
    {
        var path = _folder.Write(Path.Combine(data, file), Rows);
        Assert.That(Source(data).Load(GlueTasks.Sst2, GlueSplit.Dev).Source, Is.EqualTo(path));
    }

    [TestCase("sst2/dev-00000-of-00002.parquet", "sst2/dev-00001-of-00002.parquet")]
    [TestCase("SST-2/val.parquet")]
    public void Load_ParquetUnderAnotherSpelling_IsTaken(params string[] files)
    {
        foreach (var (file, row) in files.Zip([new GlueExample(0, "a", null, 1), new GlueExample(0, "b", null, 0)]))
            ParquetSplitWriter.Write(new GlueDataset(GlueTasks.Sst2, GlueSplit.Dev, [row], "", ""), _folder.Write(file, ""));
        Assert.That(Source().Load(GlueTasks.Sst2, GlueSplit.Dev).Examples.Select(e => e.Sentence1),
            Is.EqualTo(new[] { "a", "b" }.Take(files.Length)));
    }

    [TestCase("val.tsv, validation.tsv", "SST-2/val.tsv", "SST-2/validation.tsv")]
    [TestCase("b", "a/SST-2/dev.tsv", "b/SST-2/dev.tsv")]
    [TestCase("devset.tsv", "SST-2/devset.tsv")]
    [TestCase("dev.csv", "SST-2/dev.csv")]
    [TestCase("dev.tsv.gz", "sst2/dev.tsv.gz")]
    [TestCase("dev.jsonl", "SST-2/train.tsv", "SST-2/dev.jsonl")]
    public void Load_SplitThatIsNotClear_IsRefusedWithTheExpectedName(string named, params string[] files)
    {
        foreach (var file in files)
            _folder.Write(file, Rows);
        Assert.That(
            () => Source().Load(GlueTasks.Sst2, GlueSplit.Dev),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("SST-2/dev.tsv").And.Message.Contains(named.Split(", ")[0]));
    }

    [Test]
    public void Load_MnliWithoutSayingWhichSet_IsRefused()
    {
        _folder.Write("MNLI/dev.tsv", "x");
        Assert.That(() => Source().Load(GlueTasks.Mnli, GlueSplit.Dev),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("MNLI/dev_matched.tsv"));
        var file = _folder.Write("MNLI/val-matched.tsv", "sentence1\tsentence2\tgold_label\na\tb\tneutral\n");
        Assert.That(Source().Load(GlueTasks.Mnli, GlueSplit.Dev).Source, Is.EqualTo(file));
    }

    [Test]
    public void Load_FolderWithTheTrainingSetAlone_SaysThatGluesDevSetIsUsed()
    {
        _folder.Write("SST-2/train.tsv", Rows);
        var data = Source().Load(GlueTasks.Sst2, GlueSplit.Dev);
        Assert.That(data.Examples, Has.Count.EqualTo(872));
        Assert.That(_heard.Single(),
            Does.Contain($"{_folder.Path} holds no dev set of SST-2 (SST-2/dev.tsv), so GLUE's own is used: {data.Source}"));
    }

    [Test]
    public void CheckGiven_FolderWithoutTheTask_IsRefusedWithTheExpectedName()
    {
        _folder.Write("dev.tsv", Rows);
        Assert.That(
            () => Source().CheckGiven(GlueTasks.Sst2, [GlueSplit.Dev]),
            Throws.TypeOf<ReplicationException>().With.Message.Contains(
                "given with --data, holds no dev set of SST-2 (SST-2/dev.tsv)").And.Property("ExitCode").EqualTo(2));
        Assert.That(() => new GlueSource(DataFolders.Of(GlueFiles.Root, null, _folder.Path)).CheckGiven(GlueTasks.Sst2, [GlueSplit.Dev]),
            Throws.Nothing);
    }

    [Test]
    public void CheckGiven_FolderOfModels_Passes()
    {
        _folder.Write("models/mine/config.json", "{}");
        Source().CheckGiven(GlueTasks.Sst2, [GlueSplit.Dev]);
        Source().Load(GlueTasks.Sst2, GlueSplit.Dev);
        Assert.That(_heard, Is.Empty);
    }

    [TestCase("val")]
    [TestCase("lower")]
    [TestCase("nested")]
    [TestCase("validation")]
    [TestCase("hub")]
    [Category("Cases")]
    public void Load_Case_IsTheUsersSixRows(string name)
    {
        var source = new GlueSource(DataFolders.Of(GlueFiles.Root, CaseFiles.Require($"data-folders/{name}")));
        source.CheckGiven(GlueTasks.Sst2, [GlueSplit.Dev]);
        Assert.That(source.Load(GlueTasks.Sst2, GlueSplit.Dev).Examples, Has.Count.EqualTo(6));
    }
}
