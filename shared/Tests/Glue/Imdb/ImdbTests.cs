using Replication.Glue;

namespace Replication.Tests.Glue.Imdb;

public sealed class ImdbTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateReviews()
    {
        _folder = new TemporaryFolder();
        foreach (var split in new[] { "train", "test" })
        {
            _folder.Write($"aclImdb/{split}/neg/10_2.txt", $"Dull {split}.");
            _folder.Write($"aclImdb/{split}/neg/9_1.txt", "Bad.<br />Very.");
            _folder.Write($"aclImdb/{split}/pos/3_8.txt", "Good.");
            _folder.Write($"aclImdb/{split}/pos/20_10.txt", "Fine.");
            _folder.Write($"aclImdb/{split}/urls_pos.txt", "http://localhost/");
            _folder.Write($"aclImdb/{split}/pos/._3_8.txt", "left by an archiver");
        }
        _folder.Write("aclImdb/train/unsup/1_0.txt", "Nobody rated this.");
    }

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void Load_Folder_HasBothClassesInTurn()
    {
        var data = Load(_folder.Path, GlueSplit.Train);
        Assert.That(data.Examples.Select(e => (e.Index, e.Sentence1, e.Label)), Is.EqualTo(new[]
        {
            (0, "Bad.<br />Very.", (float?)0), (1, "Good.", 1), (2, "Dull train.", 0), (3, "Fine.", 1),
        }));
        Assert.That(data.Warning, Does.Contain("4 rows where IMDb's training set has 25000"));
    }

    [Test]
    public void Load_Archive_HasWhatTheFolderHas()
    {
        TestArchive.Write(_folder.File("aclImdb"), "aclImdb", _folder.File("given/IMDb/aclImdb_v1.tar.gz"));
        Assert.That(Load(_folder.File("given"), GlueSplit.Dev).Sha256, Is.EqualTo(Load(_folder.Path, GlueSplit.Dev).Sha256));
        Assert.That(Load(_folder.Path, GlueSplit.Dev).Examples[2].Sentence1, Is.EqualTo("Dull test."));
    }

    [Test]
    public void Load_EmptyReview_NamesTheFile()
    {
        _folder.Write("aclImdb/train/pos/4_7.txt", " \n");
        Assert.That(() => Load(_folder.Path, GlueSplit.Train),
            Throws.TypeOf<ReplicationException>().With.Message.Contains(Path.Combine("pos", "4_7.txt") + ": a review without text"));
    }

    [Test]
    public void Load_OneClassAlone_NamesTheOther()
    {
        foreach (var file in Directory.GetFiles(_folder.File("aclImdb/train/neg")))
            File.Delete(file);
        Assert.That(() => Load(_folder.Path, GlueSplit.Train),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("holds no reviews in train/neg"));
    }

    [Test]
    public void Load_NotUtf8_NamesTheFile()
    {
        _folder.Write("aclImdb/train/pos/4_7.txt", [0x41, 0xEF, 0x42]);
        Assert.That(() => Load(_folder.Path, GlueSplit.Train),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("4_7.txt: not UTF-8 at byte 1"));
    }

    [Test]
    public void Load_NothingThere_SaysWhatItWouldTake() => Assert.That(
        () => Load(_folder.File("aclImdb/train/neg"), GlueSplit.Dev),
        Throws.TypeOf<ReplicationException>().With.Message.Contains("data fetch IMDb"));

    [Test, Category("Golden")]
    public void Load_Distribution_HasEveryReview() =>
        Assert.That(Load(GoldenFiles.Require("../tasks"), GlueSplit.Train).Examples.CountBy(e => (int)e.Label!)
            .Select(c => (c.Key, c.Value)), Is.EquivalentTo(new[] { (0, 2000), (1, 2000) }));

    private GlueDataset Load(string data, GlueSplit split) =>
        new GlueSource(DataFolders.Of(_folder.Path, data)).Load(GlueTasks.Imdb, split);
}
