using Replication.Augmentation;
using Replication.Glue;
using Replication.Runs;
using Replication.Tests.CommandLine;
using Replication.Training;

namespace Replication.Tests.Augmentation;

[TestFixture]
internal sealed class AugmentationSpecTests
{
    [Test]
    public void Augment_WordWithoutPieceOfItsOwn_TakesItsNeighboursWhereThereAreWordVectors()
    {
        using var folder = new TemporaryFolder();
        TinyModel.WriteData(folder);
        var spec = Spec(TinyModel.WriteMaskedLM(folder));
        var glove = GloveSource.OfUser(folder.Write("glove.txt", "zebra 1 0\nhorse 1 0.1\nstone -1 0\n"));
        Assert.That(Made(folder, spec), Has.All.EndWith(" zebra"));
        Assert.That(Made(folder, spec with { Glove = glove }), Has.All.EndWith(" horse"));
    }

    [Test]
    public void Key_WithoutWordVectors_HoldsNothingOfThem()
    {
        var spec = Spec("minilm-l6");
        Assert.That(spec.ToJson(), Does.Not.Contain("glove"));
        Assert.That((spec with { Glove = GloveSource.OfUser("here.txt") }).SpecKey(),
            Is.EqualTo((spec with { Glove = GloveSource.OfUser("there.txt") }).SpecKey()));
        Assert.That((spec with { Glove = GloveSource.OfUser("here.txt") }).SpecKey(), Is.Not.EqualTo(spec.SpecKey()));
    }

    [Test]
    public void Inputs_WordVectors_AreAmongThem()
    {
        using var folder = new TemporaryFolder();
        TinyModel.WriteData(folder);
        var spec = Spec(
            TinyModel.WriteMaskedLM(folder)) with { Glove = GloveSource.OfUser(folder.Write("glove.txt", "zebra 1 0\nhorse 1 0.1\n")) };
        Assert.That(spec.Inputs(Workspace(folder)).Select(i => i.Name), Is.EqualTo((string[])["SST-2/Train", "masked-lm", "glove/user"]));
        Assert.That(() => (spec with { Glove = GloveSource.OfUser("nowhere.txt") }).Inputs(Workspace(folder)),
            Throws.InstanceOf<ReplicationException>().With.Message.Contains("--glove"));
    }

    private static IEnumerable<string> Made(TemporaryFolder folder, AugmentationSpec spec)
    {
        using var tools = new AugmentationTools(Workspace(folder), spec, default);
        return tools.Augment([new GlueExample(0, "a good zebra", null, 1)])[0].Select(row => row.Sentence1);
    }

    private static AugmentationSpec Spec(string model) => new()
    {
        Selection = new TaskSelection { Task = "SST-2" }, Model = model,
        Settings = new AugmentationSettings { RowsPerRow = 5, Candidates = 1, ReplaceProbability = 1 }, MaxLength = 16, Seed = 1,
    };

    private static Workspace Workspace(TemporaryFolder folder)
    {
        var folders = DataFolders.Of(folder.Path, folder.File("data"));
        return new Workspace
        {
            Root = folder.Path, Glue = new GlueSource(folders), Models = new ModelCatalog(folders),
            Environment = new RunEnvironment("cpu", 1, "test"), Processor = new Processor("a processor", []),
        };
    }
}
