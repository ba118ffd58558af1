using Replication.Glue;
using Replication.Runs;

namespace Replication.Tests.Glue;

public class ModelCatalogTests
{
    private static ModelCatalog Catalog() => new(GlueFiles.Embedded().Folders);

    [Test]
    public void Input_SmallTeacher_IsTheOneThatIsPinned() =>
        Assert.That(Catalog().Input("minilm-l6"), Is.EqualTo(new RunInput("minilm-l6", ModelCatalog.Known[0].Sha256!)));

    [Test]
    public void Folder_Path_IsTakenAsItIs()
    {
        var folder = Catalog().Folder("minilm-l6");
        Assert.That(Catalog().Folder(folder), Is.EqualTo(folder));
        Assert.That(Catalog().Input(folder).Name, Is.EqualTo("minilm-l6"));
    }

    [Test]
    public void Folder_MistypedName_SuggestsTheNearest() =>
        Assert.That(() => Catalog().Folder("minilm-l7"),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("Did you mean 'minilm-l6'?").And.Property("ExitCode")
                .EqualTo(ReplicationException.UsageError));

    [Test]
    public void Folder_NotHere_SaysHowToGetIt() =>
        Assert.That(() => Catalog().Folder("bert-base-uncased"),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("./reproduce.ps1 data fetch bert-base-uncased"));

    [Test]
    public void Folder_WithoutWeights_SaysWhatItLacks()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", "{}");
        Assert.That(() => Catalog().Folder(folder.Path),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("lacks model.safetensors or pytorch_model.bin"));
    }

    [TestCase("minilm-l6")]
    [TestCase("bert-base-uncased")]
    public void Input_OtherWeightsUnderAPinnedNameInAFolderOfTheUser_AreTakenWithOneWarning(string model)
    {
        using var folder = new TemporaryFolder();
        folder.Write($"models/{model}/config.json", "{}");
        folder.Write($"models/{model}/model.safetensors", "other");
        var heard = new List<string>();
        var catalog = new ModelCatalog(DataFolders.Of(GlueFiles.Root, folder.Path)) { Warn = heard.Add };
        Assert.That(catalog.Input(model).Name, Is.EqualTo(model));
        catalog.Input(model);
        Assert.That(heard, Has.Count.EqualTo(1).And.One.Contains($"is pinned for {model}; it is used as it is"));
    }

    [Test]
    public void Input_DownloadThatIsNotThePinnedOne_IsRefused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("data/downloads/models/bert-base-uncased/config.json", "{}");
        folder.Write("data/downloads/models/bert-base-uncased/model.safetensors", "other");
        Assert.That(
            () => new ModelCatalog(DataFolders.Of(folder.Path)).Input("bert-base-uncased"),
            Throws.TypeOf<ReplicationException>().With.Message.Contains(
                "68d45e234eb4a928074dfd868cead0219ab85354cc53d20e772753c6bb9169d3 is pinned"));
    }

    [Test]
    public void Input_DownloadThatChanged_IsRefusedUnlessTheUserNamedItsFolder()
    {
        using var folder = new TemporaryFolder();
        var place = folder.Write("data/downloads/models/bert-base-uncased/config.json", "{}");
        var weights = folder.Write("data/downloads/models/bert-base-uncased/model.safetensors", "one");
        folder.Write("data/downloads/checksums.json", $"{{\"models/bert-base-uncased/model.safetensors\": \"{Digest.OfText("one")}\"}}");
        Assert.That(new ModelCatalog(DataFolders.Of(folder.Path) with { Pins = Pins.None }).Input("bert-base-uncased").Sha256,
            Is.EqualTo(Digest.OfText("one")));
        folder.Write("data/downloads/models/bert-base-uncased/model.safetensors", "another");

        Assert.That(() => new ModelCatalog(DataFolders.Of(folder.Path) with { Pins = Pins.None }).Input("bert-base-uncased"),
            Throws.TypeOf<ReplicationException>().With.Message.EqualTo(
            $"{weights} has the sha256 {Digest.OfText("another")} where {Digest.OfText("one")} was recorded in "
                + $"{folder.File("data/downloads/checksums.json")} at its first download; delete it and get it again with 'data "
                + $"fetch', or take its line out of checksums.json to keep it as it is."));
        Assert.That(new ModelCatalog(DataFolders.Of(folder.Path, data: folder.File("data/downloads"))).Input("bert-base-uncased").Name,
            Is.EqualTo("bert-base-uncased"));
        Assert.That(new ModelCatalog(DataFolders.Of(folder.Path) with { Pins = Pins.None }).Input(Path.GetDirectoryName(place)!).Name,
            Is.EqualTo("bert-base-uncased"));
    }

    [TestCase("model.safetensors")]
    [TestCase("config.json")]
    [TestCase("vocab.txt")]
    public void Input_FolderOfTheUser_IsAnotherWhereAnyOfItsFilesIs(string changed)
    {
        using var folder = new TemporaryFolder();
        foreach (var file in (string[])["model.safetensors", "config.json", "vocab.txt"])
            folder.Write(file, "one");
        var catalog = Catalog();
        var before = catalog.Input(folder.Path);
        Assert.That(catalog.Input(folder.Path), Is.EqualTo(before));
        folder.Write(changed, "another");
        Assert.That(catalog.Input(folder.Path), Is.Not.EqualTo(before));
    }
}
